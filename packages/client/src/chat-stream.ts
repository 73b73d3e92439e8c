import { answerError, isErrorBody, serverError } from './answer-error.js';
import { AnuraError } from './anura-error.js';
import type { CallOptions } from './call.js';
import type { Connection } from './connection.js';
import { connectionError, cutOffError, timeoutError } from './connection-error.js';
import type { ChatCompletionChunk, ChatCompletionRequest } from './generated/index.js';
import { serverSentData } from './server-sent-data.js';
import { SilenceWatch } from './silence-watch.js';

/**
 * One streamed chat. The request leaves with the first `next()` and is never sent again; leaving the loop hangs up,
 * which stops the generation. An answer that did not come to its end throws: what was yielded until then is not all.
 */
export async function* streamChat(
  connection: Connection,
  request: ChatCompletionRequest,
  options?: CallOptions,
): AsyncGenerator<ChatCompletionChunk, void, undefined> {
  const watch = new SilenceWatch(connection.timeoutMs, options?.signal);
  const choices = new OpenChoices();
  let phase: 'connecting' | 'streaming' = 'connecting';
  try {
    watch.start();
    const body = await openStream(connection, request, watch.signal);
    phase = 'streaming';
    for await (const data of serverSentData(body)) {
      if (data === '[DONE]') return;
      const chunk = chunkFrom(data, connection.url);
      choices.note(chunk);
      watch.stop();
      yield chunk;
      watch.start();
    }
    if (!choices.complete) throw cutOffError(connection.url);
  } catch (error) {
    if (AnuraError.is(error)) throw error;
    if (options?.signal?.aborted) throw options.signal.reason;
    if (watch.expired) throw timeoutError(connection.timeoutMs, connection.url);
    throw phase === 'connecting' ? connectionError(error, connection.url) : cutOffError(connection.url, error);
  } finally {
    watch.close();
  }
}

async function openStream(
  connection: Connection,
  request: ChatCompletionRequest,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const response = await connection.fetch(`${connection.url}/chat/completions`, {
    method: 'POST',
    headers: { ...connection.headers, 'Content-Type': 'application/json', Accept: 'text/event-stream' },
    body: JSON.stringify({ ...request, stream: true }),
    signal,
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  if (response.ok && isStream && response.body) return response.body;
  throw answerError(response, parseJson(await response.text()));
}

function chunkFrom(data: string, url: string): ChatCompletionChunk {
  const value = parseJson(data);
  if (isErrorBody(value)) throw serverError(value);
  if (typeof value === 'object' && value !== null && 'choices' in value) return value as ChatCompletionChunk;
  throw new AnuraError(`${url} sent an event that is no part of a chat answer.`, { code: 'not_the_api' });
}

/** `undefined` for what is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Knows whether every choice that began has got its `finish_reason`. */
class OpenChoices {
  readonly #finished = new Map<number, boolean>();

  note(chunk: ChatCompletionChunk): void {
    for (const { index, finish_reason } of chunk.choices)
      this.#finished.set(index, this.#finished.get(index) === true || typeof finish_reason === 'string');
  }

  get complete(): boolean {
    return this.#finished.size > 0 && [...this.#finished.values()].every(Boolean);
  }
}
