import { GatewayError } from '../errors/gateway-error.ts';

/** A model in a registry that speaks Ollama's protocol. */
export interface RegistryModelName {
  readonly kind: 'registry';
  /** Lower case, with the port where one was written. Absent: the default registry. */
  readonly host?: string;
  /** `library` for the default registry's own models. */
  readonly namespace: string;
  readonly model: string;
  /** `latest` when none was written. On hf.co the quantization, e.g. `Q4_K_M`. */
  readonly tag: string;
}

/** A Hugging Face repository, or a folder of it, written `hf:owner/repo:folder`: how models of many files (ONNX) are published. */
export interface FolderModelName {
  readonly kind: 'folder';
  readonly owner: string;
  readonly repository: string;
  /** Inside the repository, `/` between its parts. Absent: all of it. */
  readonly folder?: string;
}

export type ModelName = RegistryModelName | FolderModelName;

/** Leaves room for `.anura.json` in a file name of 255 bytes. */
const maxNameLength = 200;
const maxPartLength = 96;
const examples =
  'Names look like llama3.1:8b, owner/model:tag, hf.co/owner/repo:Q4_K_M, host:5000/owner/model:tag or hf:owner/repo.';

/** Repositories that have a name of their own, because an engine of ours was made for them. */
const shortNames: ReadonlyMap<string, FolderModelName> = new Map([
  ['kokoro', { kind: 'folder', owner: 'onnx-community', repository: 'Kokoro-82M-v1.0-ONNX' }],
]);

/** Other spellings of a host, as people paste them from the browser. */
const hostAliases: ReadonlyMap<string, string | undefined> = new Map([
  ['registry.ollama.ai', undefined],
  ['ollama.com', undefined],
  ['huggingface.co', 'hf.co'],
  ['hf.co', 'hf.co'],
]);

/**
 * Reads a model's name: `llama3.1:8b`, `owner/model:tag`, `hf.co/owner/repo:quant`, `host:port/owner/model:tag`, `hf:owner/repo:folder`,
 * `kokoro`. Every part is safe inside a path and a URL afterwards.
 *
 * @throws GatewayError `invalid-request` saying which part is wrong.
 */
export function parseModelName(text: string): ModelName {
  if (text.length === 0) throw invalid(text, 'it is empty');
  if (text.length > maxNameLength) throw invalid(text, `it is longer than ${maxNameLength} characters`);
  if (text.includes('://')) throw invalid(text, 'leave out http:// and https://');
  if (text.startsWith('hf:')) return parseFolderName(text);
  const known = shortNames.get(text);
  if (known) return known;
  const parts = text.split('/');
  const last = parts.pop() ?? '';
  const [model = '', tag = 'latest', ...rest] = last.split(':');
  const [host, namespace] = parts.length < 2 ? [undefined, parts[0]] : parts;
  if (rest.length > 0 || parts.length > 2) throw invalid(text, 'it has too many parts');
  checkPart(text, 'model', model);
  checkPart(text, 'tag', tag);
  if (namespace !== undefined) checkNamespace(text, namespace);
  const knownHost = host === undefined ? undefined : readHost(text, host);
  return {
    kind: 'registry',
    ...(knownHost === undefined ? {} : { host: knownHost }),
    namespace: namespace ?? 'library',
    model,
    tag,
  };
}

/** The shortest spelling, which is the name callers use: no `library/`, no `:latest`. Parsing it gives the same name. */
export function formatModelName(name: ModelName): string {
  if (name.kind === 'folder') return formatFolderName(name);
  const host = name.host === undefined ? '' : `${name.host}/`;
  const tag = name.tag === 'latest' ? '' : `:${name.tag}`;
  const isOwn = name.host === undefined && name.namespace === 'library' && !shortNames.has(name.model + tag);
  const namespace = isOwn ? '' : `${name.namespace}/`;
  return `${host}${namespace}${name.model}${tag}`;
}

/** Other spellings under which the model should answer too. */
export function modelNameAliases(name: ModelName): string[] {
  return name.kind === 'registry' && name.tag === 'latest' ? [`${formatModelName(name)}:latest`] : [];
}

/**
 * A file name without extension, different for every model. `/` becomes `+` and `:` becomes `@`, which no part may contain, so
 * people still recognise it: `hf.co/owner/repo:Q8_0` is `hf.co+owner+repo@Q8_0`.
 */
export function modelFileStem(name: ModelName): string {
  return formatModelName(name).replaceAll('/', '+').replaceAll(':', '@');
}

function parseFolderName(text: string): FolderModelName {
  const [where = '', folder, ...rest] = text.slice('hf:'.length).split(':');
  const [owner = '', repository = '', ...more] = where.split('/');
  if (rest.length + more.length > 0) throw invalid(text, 'it has too many parts');
  checkNamespace(text, owner);
  checkPart(text, 'repository', repository);
  for (const part of folder?.split('/') ?? []) checkPart(text, 'folder', part);
  return { kind: 'folder', owner, repository, ...(folder === undefined ? {} : { folder }) };
}

function formatFolderName({ owner, repository, folder }: FolderModelName): string {
  const full = `hf:${owner}/${repository}${folder === undefined ? '' : `:${folder}`}`;
  const known = [...shortNames].find(([, name]) => folder === undefined && isSameRepository(name, owner, repository));
  return known?.[0] ?? full;
}

const isSameRepository = (name: FolderModelName, owner: string, repository: string): boolean =>
  name.owner === owner && name.repository === repository;

function checkNamespace(text: string, namespace: string): void {
  checkPart(text, 'owner', namespace);
  if (namespace.includes('.')) throw invalid(text, 'a host needs an owner and a model behind it');
}

function checkPart(text: string, what: string, part: string): void {
  if (part === '') throw invalid(text, `its ${what} is empty`);
  if (part.length > maxPartLength) throw invalid(text, `its ${what} is longer than ${maxPartLength} characters`);
  if (!/^\w(?:[\w.-]*\w)?$/.test(part) || part.includes('..')) {
    throw invalid(
      text,
      `its ${what} may hold letters, digits, "_", "-" and single dots, and begins and ends with a letter or digit`,
    );
  }
}

function readHost(text: string, host: string): string | undefined {
  const lower = host.toLowerCase();
  if (hostAliases.has(lower)) return hostAliases.get(lower);
  const match = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::(\d{1,5}))?$/.exec(lower);
  const port = Number(match?.[1] ?? 1);
  if (!match || lower.includes('..') || port < 1 || port > 65_535) throw invalid(text, 'its host is not a host name');
  return lower;
}

function invalid(text: string, reason: string): GatewayError {
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  return new GatewayError('invalid-request', `${shown} is not a model name: ${reason}. ${examples}`, { param: 'name' });
}
