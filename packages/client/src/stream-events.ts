import { answerError } from './answer-error.js';
import { AnuraError } from './anura-error.js';
import type { Connection } from './connection.js';
import { cutOffError, timeoutError } from './connection-error.js';
import { type CallOptions, callError, type Outgoing, send } from './exchange.js';
import { parseJson } from './parse-json.js';
import { retrying } from './retrying.js';
import { type ServerSentEvent, serverSentEvents } from './server-sent-events.js';
import { SilenceWatch } from './silence-watch.js';
import { watchedBytes } from './watched-bytes.js';

/**
 * The events of one answer. Until the stream begins the call is sent again where that is safe, afterwards never. Leaving the
 * loop hangs up. A connection that breaks throws; whether a stream that ends was complete is for the reader to tell.
 */
export async function* streamEvents(
  connection: Connection,
  outgoing: Outgoing,
  { signal }: CallOptions = {},
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const watch = new SilenceWatch(connection.timeoutMs, signal);
  try {
    const body = await retrying(connection, outgoing, signal, () => openStream(connection, outgoing, watch, signal));
    yield* serverSentEvents(watchedBytes(body, watch));
  } catch (error) {
    if (AnuraError.is(error)) throw error;
    if (signal?.aborted) throw signal.reason;
    throw watch.expired ? timeoutError(connection.timeoutMs, connection.url) : cutOffError(connection.url, error);
  } finally {
    watch.close();
  }
}

async function openStream(
  connection: Connection,
  outgoing: Outgoing,
  watch: SilenceWatch,
  signal: AbortSignal | undefined,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  watch.start();
  try {
    const response = await send(connection, outgoing, watch.signal);
    const isStream = response.headers.get('content-type')?.toLowerCase().startsWith('text/event-stream');
    if (response.status === 200 && isStream && response.body) return response.body;
    throw answerError(response, parseJson(await response.text()));
  } catch (error) {
    throw callError(error, connection, watch, signal);
  } finally {
    watch.stop();
  }
}
