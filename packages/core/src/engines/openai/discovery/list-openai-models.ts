import type { Capability, Modality } from '@anura/openapi';
import { askJson } from '../upstream/ask-json.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { DiscoveredModel } from './discovered-model.ts';
import { guessModality, guessReasoning, guessVision } from './guess-from-name.ts';

type Fields = Record<string, unknown>;

const maxListBytes = 8 * 1024 * 1024;

/** What `/models` lists. Throws a `GatewayError`. */
export async function listOpenAIModels(upstream: Upstream, signal: AbortSignal): Promise<DiscoveredModel[]> {
  const answer = await askJson(upstream, { method: 'GET', path: '/models', signal }, maxListBytes);
  // OpenAI's list, Together's bare array.
  const list = Array.isArray(answer) ? answer : (answer as { data?: unknown } | null)?.data;
  if (!Array.isArray(list)) throw upstream.unreadable('answered /models without a list of models');
  return list.flatMap((entry) => (typeof entry?.id === 'string' ? [describeModel(entry)] : []));
}

/** Reads what vLLM, llama-server, another Anura, OpenRouter, Mistral, Together, LM Studio and Groq say about a model. */
export function describeModel(entry: Fields & { id: string }): DiscoveredModel {
  const { id: name } = entry;
  const contextLength = readContextLength(entry);
  const modality = readModality(entry) ?? guessModality(name);
  return {
    name,
    modality,
    capabilities: modality === 'chat' ? readCapabilities(name, entry) : [],
    ...(contextLength !== undefined && { contextLength }),
    state: entry['state'] === 'cold' || entry['state'] === 'not-loaded' ? 'cold' : 'loaded',
    details: {
      ...(typeof entry['owned_by'] === 'string' && { ownedBy: entry['owned_by'] }),
      ...(typeof entry['created'] === 'number' && { created: entry['created'] }),
    },
  };
}

function readContextLength(entry: Fields): number | undefined {
  const places = ['context_length', 'max_model_len', 'max_context_length', 'context_window'].map((name) => entry[name]);
  const meta = asObject(entry['meta']);
  // llama-server: `n_ctx` is what it runs with, `n_ctx_train` what the model could do.
  const found = [...places, meta['n_ctx'], meta['n_ctx_train']].find((value) => typeof value === 'number' && value > 0);
  return typeof found === 'number' ? Math.floor(found) : undefined;
}

const modalityWords: Record<string, Modality> = {
  chat: 'chat',
  llm: 'chat',
  vlm: 'chat',
  language: 'chat',
  embedding: 'embedding',
  embeddings: 'embedding',
  image: 'image',
  video: 'video',
  speech: 'speech',
  audio: 'speech',
  tts: 'speech',
};

function readModality(entry: Fields): Modality | undefined {
  const said = entry['modality'] ?? entry['type'];
  return typeof said === 'string' ? modalityWords[said] : undefined;
}

/**
 * An upstream that says nothing is taken to do tools and JSON schemas: those which do not, refuse such a request by name,
 * while leaving them out here would make every plain vLLM useless for tools.
 */
function readCapabilities(name: string, entry: Fields): Capability[] {
  const words = capabilityWords(entry);
  if (!words) {
    return [
      'tools',
      'json_schema',
      ...(guessVision(name) || entry['type'] === 'vlm' ? (['vision'] as const) : []),
      ...(guessReasoning(name) ? (['reasoning'] as const) : []),
    ];
  }
  const says = (...synonyms: readonly string[]) => synonyms.some((word) => words.has(word));
  const found: readonly (readonly [Capability, boolean])[] = [
    ['tools', says('tools', 'tool_use', 'function_calling')],
    ['vision', says('vision', 'image', 'multimodal') || guessVision(name)],
    ['json_schema', says('json_schema', 'structured_outputs', 'response_format', 'function_calling', 'tool_use')],
    ['reasoning', says('reasoning', 'thinking', 'include_reasoning') || guessReasoning(name)],
  ];
  return found.filter(([, can]) => can).map(([capability]) => capability);
}

/** The words an upstream uses, when it says more than that the model completes text. */
function capabilityWords({
  capabilities,
  supported_parameters: parameters,
  architecture,
}: Fields): Set<string> | undefined {
  const lists = [capabilities, parameters, asObject(architecture)['input_modalities']];
  const words = lists.flatMap((list) => {
    if (Array.isArray(list)) return list.map(String);
    return Object.entries(asObject(list)).flatMap(([word, can]) => (can === true ? [word] : []));
  });
  const saysMore =
    Array.isArray(parameters) ||
    words.some((word) => word !== 'completion') ||
    (Array.isArray(capabilities) && capabilities.length === 0);
  return saysMore ? new Set(words) : undefined;
}

function asObject(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
