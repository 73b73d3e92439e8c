import { answerError } from './answer-error.js';
import { AnuraError } from './anura-error.js';
import { checkReachesFromHere } from './base-url.js';
import type { Connection } from './connection.js';
import { connectionError, timeoutError } from './connection-error.js';
import { parseJson } from './parse-json.js';
import { retrying } from './retrying.js';
import { SilenceWatch } from './silence-watch.js';

export type CallOptions = {
  /** Ends the call, which then throws the signal's reason. */
  signal?: AbortSignal | undefined;
};

export type Outgoing = {
  readonly method: string;
  /** The whole URL. */
  readonly url: string;
  /** Besides those of the connection. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, already as text. */
  readonly body?: string | undefined;
};

/** An answer with its body, read whole. */
export type Answer = { readonly response: Response; readonly bytes: Uint8Array<ArrayBuffer> };

/** One call, sent again where that is safe. Resolves with what succeeded, throws an `AnuraError` or the signal's reason. */
export function exchange(connection: Connection, outgoing: Outgoing, options?: CallOptions): Promise<Answer> {
  const signal = options?.signal;
  return retrying(connection, outgoing, signal, async () => {
    const watch = new SilenceWatch(connection.timeoutMs, signal);
    watch.start();
    try {
      return await wholeAnswer(await send(connection, outgoing, watch.signal));
    } catch (error) {
      throw callError(error, connection, watch, signal);
    } finally {
      watch.close();
    }
  });
}

export function send(connection: Connection, { method, url, headers, body }: Outgoing, signal: AbortSignal) {
  checkReachesFromHere(connection.url);
  const all = new Headers(connection.headers);
  if (body !== undefined) all.set('Content-Type', 'application/json');
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  return connection.fetch(url, { method, headers: all, ...(body === undefined ? {} : { body }), signal });
}

async function wholeAnswer(response: Response): Promise<Answer> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!response.ok) throw answerError(response, parseJson(bytes));
  return { response, bytes };
}

/** What is thrown for a call that came to no answer. */
export function callError(
  error: unknown,
  { url, timeoutMs }: Connection,
  watch: SilenceWatch,
  signal: AbortSignal | undefined,
): unknown {
  if (AnuraError.is(error)) return error;
  if (signal?.aborted) return signal.reason;
  return watch.expired ? timeoutError(timeoutMs, url) : connectionError(error, url);
}
