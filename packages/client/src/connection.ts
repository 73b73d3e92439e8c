import { AnuraError } from './anura-error.js';
import { apiUrl } from './base-url.js';

export type AnuraOptions = {
  /** The server's address, such as `http://localhost:8484`, with or without `/api/v1` or `/v1`. */
  baseUrl: string;
  /** `anr_…`. Only `health` works without. */
  apiKey?: string | undefined;
  /** In place of the global `fetch`. */
  fetch?: typeof fetch | undefined;
  /**
   * How often a call that failed is sent again, at most; 2 by default. Only where that can make nothing twice: what the
   * server refused with 429 or 503 and a `Retry-After`, after that time; and when the connection was lost, what only reads or
   * has an `Idempotency-Key`, as every `create` of a job does. Never a stream that began.
   */
  retries?: number | undefined;
  /**
   * The longest silence that is waited for: of a whole answer, or between two events of a stream. The default, 920 s,
   * is a little more than the server gives a provider, so that the server's answer, which says more, comes first.
   */
  timeoutMs?: number | undefined;
  /** Told before a call is sent again, so that nothing is repeated in secret. */
  onRetry?: ((retry: RetryNotice) => void) | undefined;
};

export type RetryNotice = {
  /** What the last try came to. */
  error: AnuraError;
  /** 1 before the second try. */
  failures: number;
  delayMs: number;
};

/** Where and how every call goes out. */
export type Connection = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
  readonly retries: number;
  readonly timeoutMs: number;
  readonly onRetry: ((retry: RetryNotice) => void) | undefined;
};

export function connectionFrom(options: AnuraOptions): Connection {
  return {
    url: apiUrl(options.baseUrl),
    headers: authorization(options.apiKey?.trim()),
    // Looked up on each call and called unbound: browsers refuse `fetch` as a method of another object.
    fetch: (input, init) => (options.fetch ?? globalThis.fetch)(input, init),
    retries: options.retries ?? 2,
    timeoutMs: options.timeoutMs ?? 920_000,
    onRetry: options.onRetry,
  };
}

function authorization(apiKey: string | undefined): Record<string, string> {
  if (!apiKey) return {};
  // Checked here because `fetch` refuses such a header with a message that holds the key.
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    throw new AnuraError('The API key has a character that no key has, such as a space or a line break.', {
      code: 'invalid_options',
      param: 'apiKey',
    });
  return { Authorization: `Bearer ${apiKey}` };
}
