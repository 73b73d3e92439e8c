/** How long each step may take, milliseconds. */
export interface ComfyDeadlines {
  /** Until a connection stands. Default 2,000. */
  readonly connectMs: number;
  /** For the answer to a question, submitting a prompt included. Default 30,000. */
  readonly answerMs: number;
  /**
   * Without a sign of life: a running prompt that shows no progress, a server that cannot be asked, a download. Loading a model
   * is silent, so this must be longer than that takes. Default 300,000.
   */
  readonly silenceMs: number;
  /** From taking up a prompt to having its result; waiting in ComfyUI's queue counts. Default 1,800,000. */
  readonly totalMs: number;
}

/** Where the engine reports servers that come and go, and templates that are not offered. A pino logger fits. */
export interface ComfyLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/**
 * One ComfyUI server.
 *
 * @example
 * { name: 'studio', baseUrl: 'http://192.168.1.30:8188', templates: '/etc/anura/workflows' }
 */
export interface ComfyOptions {
  /** Unique among providers, letters, digits, `-` and `_`. */
  readonly name: string;
  /** Redirects are never followed. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer`, for a proxy in front of it. Never appears in messages. */
  readonly apiKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * A folder of workflows in ComfyUI's API format, `MODEL.json` each. One with the name of a built-in workflow (`sdxl-turbo`,
   * `wan2.1`) takes its place. Default: the built-in ones alone.
   */
  readonly templates?: string;
  /** Relative cost of a request. Default 0. */
  readonly price?: number;
  readonly deadlines?: Partial<ComfyDeadlines>;
  /** How often the server is asked what it can run, milliseconds. Default 30,000. */
  readonly discoveryIntervalMs?: number;
  /** How often a prompt is asked about while its WebSocket says nothing, milliseconds. Default 1,000. */
  readonly pollMs?: number;
  readonly log?: ComfyLog;
}
