import { ChatFold } from '@anura/core';
import { isErrorBody, serverError } from './answer-error.js';
import { AnuraError } from './anura-error.js';
import type { Connection } from './connection.js';
import { cutOffError } from './connection-error.js';
import type { CallOptions, Outgoing } from './exchange.js';
import type {
  AssistantMessage,
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionRequest,
} from './generated/types.gen.js';
import { invalidOption } from './invalid-option.js';
import { createHeaders } from './made-bytes.js';
import { onAbort } from './on-abort.js';
import { parseJson } from './parse-json.js';
import { streamEvents } from './stream-events.js';

/**
 * One streamed chat, read once: by a loop over its chunks, by `textDeltas`, or whole by `answer`, and by one of them at a time.
 * The request leaves with the first read. Leaving the loop hangs up, which stops the generation. An answer that did not come to
 * its end throws: what came until then, which `message` has, is not all.
 */
export class ChatStream implements AsyncIterable<ChatCompletionChunk> {
  readonly #connection: Connection;
  readonly #fold = new ChatFold();
  readonly #stop = new AbortController();
  readonly #chunks: AsyncGenerator<ChatCompletionChunk, void, undefined>;
  /** Who waits for the next chunk. */
  #reader: object | undefined;
  #isComplete = false;
  #failure: unknown;

  constructor(connection: Connection, request: ChatCompletionRequest, options: ChatOptions = {}) {
    this.#connection = connection;
    this.#chunks = this.#read(request, options);
  }

  [Symbol.asyncIterator](): AsyncIterator<ChatCompletionChunk, void, undefined> {
    const reader = {
      next: () => this.#next(reader),
      // A generator alone would return only after the chunk that is waited for.
      return: () => {
        this.abort();
        return this.#chunks.return();
      },
    };
    return reader;
  }

  /** What was said so far by the first choice: its text, its thinking and its tool calls, each as far as it has come. */
  get message(): AssistantMessage {
    return this.#fold.message();
  }

  /** Whether the whole answer is there: every choice has its finish reason. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** The text of the first choice, piece by piece. */
  textDeltas(): AsyncGenerator<string, void, undefined> {
    const deltas = this.#textDeltas();
    const finish = deltas.return.bind(deltas);
    return Object.assign(deltas, {
      return: () => {
        this.abort();
        return finish();
      },
    });
  }

  async *#textDeltas(): AsyncGenerator<string, void, undefined> {
    for await (const { choices } of this) {
      for (const { index, delta } of choices) if (index === 0 && delta.content) yield delta.content;
    }
  }

  /** Reads what is left and resolves with the whole answer, as without a stream. */
  async answer(): Promise<ChatCompletion> {
    for await (const _ of this);
    if (!this.#isComplete) throw this.#failure ?? cutOffError(this.#connection.url);
    return this.#fold.answer();
  }

  /** Hangs up, for a button that says Stop: the loop ends without an error, and `message` keeps what there is. */
  abort(): void {
    this.#stop.abort();
    // What has come and was not read yet is not read any more, and nothing stays behind when nobody reads on.
    void this.#chunks.return();
  }

  async #next(reader: object): Promise<IteratorResult<ChatCompletionChunk, void>> {
    // They would take the chunks from each other, and each would have half of the text.
    if (this.#reader && this.#reader !== reader)
      throw invalidOption('stream', 'A stream has one reader at a time: call answer() after the loop, not beside it.');
    this.#reader = reader;
    try {
      return await this.#chunks.next();
    } finally {
      this.#reader = undefined;
    }
  }

  async *#read(
    request: ChatCompletionRequest,
    { signal, ...options }: ChatOptions,
  ): AsyncGenerator<ChatCompletionChunk, void, undefined> {
    if (signal?.aborted) throw signal.reason;
    const forget = onAbort(signal, () => this.#stop.abort(signal?.reason));
    try {
      yield* this.#readToEnd(chatRequest(this.#connection, request, options), request?.n ?? 1);
    } catch (error) {
      if (!signal?.aborted && this.#stop.signal.aborted) return;
      this.#failure = error;
      throw error;
    } finally {
      forget();
    }
  }

  async *#readToEnd(outgoing: Outgoing, choices: number): AsyncGenerator<ChatCompletionChunk, void, undefined> {
    let isDone = false;
    for await (const { data } of streamEvents(this.#connection, outgoing, { signal: this.#stop.signal })) {
      isDone = data === '[DONE]';
      if (isDone) break;
      const chunk = chunkFrom(data, this.#connection.url);
      this.#grow(chunk);
      yield chunk;
    }
    // Without [DONE] nobody says that a choice which never began was not to come.
    this.#isComplete = this.#fold.isComplete && (isDone || this.#fold.answer().choices.length >= choices);
    if (!this.#isComplete) throw cutOffError(this.#connection.url);
  }

  #grow(chunk: ChatCompletionChunk): void {
    try {
      this.#fold.add(chunk);
    } catch (cause) {
      throw strangeEvent(this.#connection.url, cause);
    }
  }
}

export type ChatOptions = CallOptions & {
  /**
   * A text of your own, new for each question: asked again with it, the server gives the answer it gave before. None is made
   * up for a chat, because the server has to keep the answer.
   */
  idempotencyKey?: string | undefined;
};

function chatRequest(
  { url }: Connection,
  request: ChatCompletionRequest,
  options: Omit<ChatOptions, 'signal'>,
): Outgoing {
  return {
    method: 'POST',
    url: `${url}/chat/completions`,
    headers: { Accept: 'text/event-stream', ...createHeaders(options) },
    body: JSON.stringify({ ...request, stream: true }),
  };
}

function chunkFrom(data: string, url: string): ChatCompletionChunk {
  const value = parseJson(data);
  if (isErrorBody(value)) throw serverError(value);
  if (typeof value === 'object' && value !== null && 'choices' in value) return value as ChatCompletionChunk;
  throw strangeEvent(url);
}

const strangeEvent = (url: string, cause?: unknown): AnuraError =>
  new AnuraError(`${url} sent an event that is no part of a chat answer. Check the address.`, {
    code: 'not_the_api',
    cause,
  });
