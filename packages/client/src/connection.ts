import { AnuraError } from './anura-error.js';
import { apiUrl } from './base-url.js';

export type AnuraOptions = {
  /** The server's address, such as `http://localhost:8484`, with or without `/api/v1` or `/v1`. */
  baseUrl: string;
  /** `anr_…`. Only `getHealth` works without. */
  apiKey?: string | undefined;
  /** In place of the global `fetch`. */
  fetch?: typeof fetch | undefined;
  /**
   * The longest silence that is waited for: of a whole answer, or between two events of a stream. The default, 920 s,
   * is a little more than the server gives a provider, so that the server's answer, which says more, comes first.
   */
  timeoutMs?: number | undefined;
};

/** Where and how every call goes out. */
export type Connection = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
};

export function connectionFrom(options: AnuraOptions): Connection {
  const apiKey = options.apiKey?.trim();
  // Checked here because `fetch` refuses such a header with a message that holds the key.
  if (apiKey && !/^[\x21-\x7e]+$/.test(apiKey))
    throw new AnuraError('The API key has a character that no key has, such as a space or a line break.', {
      code: 'invalid_options',
      param: 'apiKey',
    });
  return {
    url: apiUrl(options.baseUrl),
    headers: apiKey ? { Authorization: `Bearer ${apiKey}` } : {},
    // Looked up on each call and called unbound: browsers refuse `fetch` as a method of another object.
    fetch: (input, init) => (options.fetch ?? globalThis.fetch)(input, init),
    timeoutMs: options.timeoutMs ?? 920_000,
  };
}
