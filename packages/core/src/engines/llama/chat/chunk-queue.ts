import type { ChatEngineChunk } from '../../chat-engine.ts';

const highWater = 64;

/**
 * Chunks on their way from the decode lane to the reader.
 *
 * Decoding goes on while the reader writes to its socket, so the time of one does not add to the other. When the reader is
 * more than 64 chunks behind, generation pauses: that is the backpressure.
 */
export class ChunkQueue {
  #chunks: ChatEngineChunk[] = [];
  #next = 0;
  #ended = false;
  #error: unknown;
  #waiting: { resolve(result: IteratorResult<ChatEngineChunk>): void; reject(error: unknown): void } | undefined;
  readonly #onDrained: () => void;

  /** `onDrained`: the queue has room again after it was full. */
  constructor(onDrained: () => void) {
    this.#onDrained = onDrained;
  }

  get full(): boolean {
    return this.#chunks.length - this.#next >= highWater;
  }

  push(chunk: ChatEngineChunk): void {
    if (this.#ended) return;
    const reader = this.#waiting;
    this.#waiting = undefined;
    if (reader === undefined) this.#chunks.push(chunk);
    else reader.resolve({ value: chunk, done: false });
  }

  /** The reader gets what is queued, then the end, or the error. The first end counts. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    const reader = this.#waiting;
    this.#waiting = undefined;
    if (reader !== undefined) this.#finish(reader);
  }

  /** Ends and forgets what is queued: nobody reads it. */
  abandon(error?: unknown): void {
    this.#chunks = [];
    this.#next = 0;
    this.end(error);
  }

  next(): Promise<IteratorResult<ChatEngineChunk>> {
    const chunk = this.#chunks[this.#next];
    if (chunk !== undefined) return Promise.resolve({ value: this.#taken(chunk), done: false });
    return new Promise((resolve, reject) => {
      if (this.#ended) this.#finish({ resolve, reject });
      else this.#waiting = { resolve, reject };
    });
  }

  #taken(chunk: ChatEngineChunk): ChatEngineChunk {
    const wasFull = this.full;
    this.#next++;
    if (this.#next === this.#chunks.length) {
      this.#chunks = [];
      this.#next = 0;
    }
    if (wasFull) this.#onDrained();
    return chunk;
  }

  #finish(reader: { resolve(result: IteratorResult<ChatEngineChunk>): void; reject(error: unknown): void }): void {
    const error = this.#error;
    this.#error = undefined;
    if (error === undefined) reader.resolve({ value: undefined, done: true });
    else reader.reject(error);
  }
}
