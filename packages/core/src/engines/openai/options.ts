import type { Capability, Modality } from '@anura/openapi';

/** What an upstream speaks besides OpenAI's API. `auto` asks it: Ollama answers `/api/version`. */
export type UpstreamKind = 'openai' | 'ollama' | 'auto';

/** How long each step of one call may take, milliseconds. */
export interface CallDeadlines {
  /** Until the connection stands. Default 5,000. */
  readonly connectMs: number;
  /** From sending the request to the first token, a cold model's loading included. Default 120,000. */
  readonly firstTokenMs: number;
  /** Between two tokens. Keep-alive comments are not tokens. Default 60,000. */
  readonly betweenTokensMs: number;
  /** The whole call. Default 900,000. */
  readonly totalMs: number;
}

/** What the operator knows better than the upstream says. */
export interface ConfiguredModel {
  /** The upstream's own name. Default: the public one. */
  readonly upstream?: string;
  readonly modality?: Modality;
  readonly capabilities?: readonly Capability[];
  /** Tokens of prompt and answer together. */
  readonly contextLength?: number;
  readonly slots?: number;
}

/** Where the engine reports upstreams that come and go. A pino logger fits. */
export interface UpstreamLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/**
 * One upstream.
 *
 * @example
 * { name: 'attic', baseUrl: 'http://192.168.1.20:11434' }
 * { name: 'work', baseUrl: 'https://vllm.example/v1', apiKey, models: { 'llama3.1:8b': 'meta-llama/Llama-3.1-8B-Instruct' } }
 */
export interface OpenAIProviderOptions {
  readonly name: string;
  /** With or without `/v1`: a bare origin gets it. Used exactly as given; redirects are never followed. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer`. Never appears in messages. */
  readonly apiKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Offer these and nothing else: public names alone, or public name to upstream name, or to what the operator knows about
   * the model. Default: everything the upstream lists, by its own names.
   */
  readonly models?: readonly string[] | Readonly<Record<string, string | ConfiguredModel>>;
  /** Requests at the same time. Default 8, Ollama 4. */
  readonly slots?: number;
  /** Relative cost of a request. Default 0. */
  readonly price?: number;
  readonly deadlines?: Partial<CallDeadlines>;
  /** How often the upstream is asked for its models, milliseconds. Default 30,000. */
  readonly discoveryIntervalMs?: number;
  /** Default `auto`. */
  readonly kind?: UpstreamKind;
  /** Whether a stream must end with `[DONE]`. Only for upstreams that never send it: without it a cut may pass unseen. Default true. */
  readonly requireDone?: boolean;
  readonly log?: UpstreamLog;
}
