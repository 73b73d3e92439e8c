import type { AnuraError } from './anura-error.js';
import { apiUrl } from './base-url.js';
import { invalidOption } from './invalid-option.js';

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
   * The longest silence that is waited for: until an answer begins, and then between two pieces of it, heartbeats included.
   * The default, 920 s, is a little more than the server gives a provider, so that the server's answer, which says more,
   * comes first. Under Node the global `fetch` has a limit of its own, 300 s, that only a `fetch` of your own can raise.
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
  // What is wrong here would otherwise be found by the hundredth call, as a retry without end or an instant timeout.
  const { baseUrl, apiKey, fetch, retries = 2, timeoutMs = 920_000, onRetry }: Partial<AnuraOptions> = options ?? {};
  check('retries', retries, isCount(retries), 'a whole number, 0 for none');
  check('timeoutMs', timeoutMs, isDuration(timeoutMs), 'a number of milliseconds above 0, or Infinity');
  check('fetch', fetch, fetch === undefined || typeof fetch === 'function', 'a function');
  check('onRetry', onRetry, onRetry === undefined || typeof onRetry === 'function', 'a function');
  return {
    url: apiUrl(baseUrl),
    headers: authorization(apiKey),
    // Looked up on each call and called unbound: browsers refuse `fetch` as a method of another object.
    fetch: (input, init) => (fetch ?? globalThis.fetch)(input, init),
    retries,
    timeoutMs,
    onRetry,
  };
}

const isCount = (value: unknown): boolean => value === Infinity || (Number.isInteger(value) && Number(value) >= 0);
const isDuration = (value: unknown): boolean => typeof value === 'number' && value > 0;

function check(param: keyof AnuraOptions, value: unknown, isRight: boolean, wanted: string): void {
  if (!isRight) throw invalidOption(param, `${param} has to be ${wanted}, not ${String(value)} (${typeof value}).`);
}

function authorization(apiKey: unknown): Record<string, string> {
  const key = typeof apiKey === 'string' ? apiKey.trim() : (apiKey ?? '');
  if (key === '') return {};
  // Checked here because `fetch` refuses such a header with a message that holds the key.
  if (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key))
    throw invalidOption('apiKey', 'The API key has a character that no key has, such as a space or a line break.');
  return { Authorization: `Bearer ${key}` };
}
