import { answerError } from './answer-error.js';
import { AnuraError } from './anura-error.js';
import { checkReachesFromHere } from './base-url.js';
import type { Connection } from './connection.js';
import { connectionError, timeoutError } from './connection-error.js';
import { hasHeader } from './has-header.js';
import { parseJson } from './parse-json.js';
import { retrying } from './retrying.js';
import { SilenceWatch } from './silence-watch.js';
import { watchedBytes } from './watched-bytes.js';

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
      return await wholeAnswer(await send(connection, outgoing, watch.signal), outgoing, watch);
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

async function wholeAnswer(response: Response, { headers }: Outgoing, watch: SilenceWatch): Promise<Answer> {
  const bytes = await wholeBody(response, watch);
  // Anura succeeds with 200 alone. A part that nobody asked for would pass for the whole.
  const succeeded = response.status === 200 || (response.status === 206 && hasHeader(headers, 'range'));
  if (!succeeded) throw answerError(response, parseJson(bytes));
  return { response, bytes };
}

/** A long answer over a slow line is no silence. */
async function wholeBody({ body }: Response, watch: SilenceWatch): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  if (body) for await (const piece of watchedBytes(body, watch)) pieces.push(piece);
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
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
