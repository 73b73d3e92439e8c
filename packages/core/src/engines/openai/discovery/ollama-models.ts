import type { Capability, Modality } from '@anura/openapi';
import { askJson } from '../upstream/ask-json.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { DiscoveredModel } from './discovered-model.ts';
import { guessModality, guessReasoning, guessVision } from './guess-from-name.ts';

type Fields = Record<string, unknown>;

interface Tag {
  readonly name: string;
  readonly digest: string;
  readonly sizeBytes: number | undefined;
}

/** What `/api/show` says; it changes only with the model's digest. */
interface ShownModel {
  readonly modality: Modality;
  readonly capabilities: readonly Capability[];
  readonly contextLength: number | undefined;
  readonly dimensions: number | undefined;
}

const maxListBytes = 8 * 1024 * 1024;
const showsAtOnce = 4;

/** The models of one Ollama. Remembers what `/api/show` said, so that a refresh asks about new models only. */
export class OllamaModels {
  readonly #upstream: Upstream;
  #shown = new Map<string, ShownModel>();

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /** Throws a `GatewayError` when the list cannot be had; a model that cannot be shown is left out. */
  async list(signal: AbortSignal): Promise<DiscoveredModel[]> {
    const tags = readTags(await this.#get('/api/tags', signal));
    if (!tags) throw this.#upstream.unreadable('answered /api/tags without a list of models');
    // Old versions have no /api/ps: then nothing is known to be loaded.
    const running = readRunning(await this.#get('/api/ps', signal).catch(() => undefined));
    await this.#showNew(tags, signal);
    return tags.flatMap((tag) => {
      const shown = this.#shown.get(tag.digest);
      return shown ? [discovered(tag, shown, running)] : [];
    });
  }

  async #showNew(tags: readonly Tag[], signal: AbortSignal): Promise<void> {
    const known = new Map(tags.flatMap(({ digest }) => entryOf(this.#shown, digest)));
    const unknown = tags.filter(({ digest }) => !known.has(digest));
    for (let start = 0; start < unknown.length; start += showsAtOnce) {
      const group = unknown.slice(start, start + showsAtOnce);
      await Promise.all(
        group.map(async ({ name, digest }) => {
          const shown = await this.#show(name, signal);
          if (shown) known.set(digest, shown);
        }),
      );
    }
    this.#shown = known;
  }

  async #show(name: string, signal: AbortSignal): Promise<ShownModel | undefined> {
    const json = { model: name, name };
    try {
      return readShown(
        name,
        await askJson(this.#upstream, { method: 'POST', path: '/api/show', json, atRoot: true, signal }, maxListBytes),
      );
    } catch {
      return undefined;
    }
  }

  #get(path: string, signal: AbortSignal): Promise<unknown> {
    return askJson(this.#upstream, { method: 'GET', path, atRoot: true, signal }, maxListBytes);
  }
}

function entryOf<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): [Key, Value][] {
  const value = map.get(key);
  return value === undefined ? [] : [[key, value]];
}

function readTags(answer: unknown): Tag[] | undefined {
  const { models } = asObject(answer);
  if (!Array.isArray(models)) return undefined;
  return models.flatMap((entry) => {
    const { name, digest, size } = asObject(entry);
    if (typeof name !== 'string') return [];
    return [{ name, digest: typeof digest === 'string' ? `${name} ${digest}` : name, sizeBytes: positive(size) }];
  });
}

/** Context length by the name of a model in memory; 0 when an old version does not say. */
function readRunning(answer: unknown): Map<string, number> {
  const { models } = asObject(answer);
  const entries = Array.isArray(models) ? models.map(asObject) : [];
  return new Map(
    entries.map((entry) => [String(entry['name'] ?? entry['model']), positive(entry['context_length']) ?? 0]),
  );
}

function discovered(
  { name, sizeBytes }: Tag,
  shown: ShownModel,
  running: ReadonlyMap<string, number>,
): DiscoveredModel {
  const { modality, capabilities, dimensions } = shown;
  // What is in memory runs with its own context length, often far below what the model could do.
  const contextLength = running.get(name) || shown.contextLength;
  return {
    name: name.replace(/:latest$/, ''),
    modality,
    capabilities,
    ...(contextLength !== undefined && { contextLength }),
    ...(sizeBytes !== undefined && { sizeBytes }),
    state: running.has(name) ? 'loaded' : 'cold',
    ...(modality === 'embedding' && dimensions !== undefined && { details: { dimensions } }),
  };
}

/** Reads `/api/show`, also of versions before `capabilities` (0.6.4), where family and template tell. */
export function readShown(name: string, answer: unknown): ShownModel {
  const shown = asObject(answer);
  const info = asObject(shown['model_info']);
  const architecture = String(info['general.architecture'] ?? '');
  const said = Array.isArray(shown['capabilities'])
    ? shown['capabilities'].map(String)
    : olderCapabilities(name, shown, architecture);
  const modality = modalityWords.find(([word]) => said.includes(word))?.[1] ?? guessModality(name);
  return {
    modality,
    capabilities: modality === 'chat' ? chatCapabilities(name, said) : [],
    contextLength: configuredContext(shown['parameters']) ?? positive(info[`${architecture}.context_length`]),
    dimensions: positive(info[`${architecture}.embedding_length`]),
  };
}

const modalityWords: readonly (readonly [string, Modality])[] = [
  ['embedding', 'embedding'],
  ['completion', 'chat'],
  ['image', 'image'],
  ['video', 'video'],
  ['speech', 'speech'],
];

/** Ollama holds every chat model to a JSON schema by its grammar. */
function chatCapabilities(name: string, said: readonly string[]): Capability[] {
  const reasoning = said.includes('thinking') || guessReasoning(name);
  return [
    ...(said.includes('tools') ? (['tools'] as const) : []),
    ...(said.includes('vision') ? (['vision'] as const) : []),
    'json_schema',
    ...(reasoning ? (['reasoning'] as const) : []),
  ];
}

function olderCapabilities(name: string, shown: Fields, architecture: string): string[] {
  const { families } = asObject(shown['details']);
  const known = Array.isArray(families) ? families.map(String) : [];
  if (/bert/.test(architecture) || known.some((family) => /bert/.test(family)) || guessModality(name) === 'embedding')
    return ['embedding'];
  const sees = known.some((family) => family === 'clip' || family === 'mllama') || guessVision(name);
  const usesTools = String(shown['template'] ?? '').includes('.Tools');
  return ['completion', ...(sees ? ['vision'] : []), ...(usesTools ? ['tools'] : [])];
}

/** `num_ctx` from the Modelfile, which is what the model really runs with. */
function configuredContext(parameters: unknown): number | undefined {
  return positive(Number(/^num_ctx\s+(\d+)/m.exec(String(parameters ?? ''))?.[1]));
}

const positive = (value: unknown) => (typeof value === 'number' && value > 0 ? value : undefined);

function asObject(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
