import type { ChatCompletionRequest } from '@anura/openapi';
import type { ChatEngine, ChatEngineChunk } from '../engines/chat-engine.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Lease } from '../scheduler/lease.ts';
import { leftError } from './bounded-signal.ts';
import { saysSomething } from './chat-chunks.ts';

export interface AttemptOptions {
  readonly lease: Lease;
  readonly engine: ChatEngine;
  readonly request: ChatCompletionRequest;
  readonly jobOfferId: string;
  /** Aborted when the request is over. */
  readonly signal: AbortSignal;
}

/** One engine at work on the request, from its lease to its last piece. It gives its slot back when it ends. */
export class Attempt {
  readonly lease: Lease;
  readonly #signal: AbortSignal;
  readonly #stopped = new AbortController();
  readonly #iterator: AsyncIterator<ChatEngineChunk>;
  readonly #early: ChatEngineChunk[] = [];
  #spoke = false;
  #ended = false;
  readonly #onAbort = () => this.#stopped.abort(this.#signal.reason);

  constructor({ lease, engine, request, jobOfferId, signal }: AttemptOptions) {
    this.lease = lease;
    this.#signal = signal;
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort);
    const call = { offer: lease.offer, signal: this.#stopped.signal, jobOfferId };
    this.#iterator = engine.chat(request, call)[Symbol.asyncIterator]();
  }

  /** Whether it has said anything of the answer: from then on nobody else can take over. */
  get spoke(): boolean {
    return this.#spoke;
  }

  /** Resolves with the first token, or when the engine ended without one; throws what ended it before. */
  async firstToken(): Promise<void> {
    try {
      while (!this.#spoke) {
        const { done, value } = await this.#iterator.next();
        if (done) return;
        this.#early.push(value);
        this.#spoke = saysSomething(value);
      }
      this.lease.firstToken();
    } catch (error) {
      throw this.fail(error);
    }
  }

  /** Everything the engine says, from the beginning. */
  async *pieces(): AsyncGenerator<ChatEngineChunk, void, undefined> {
    yield* this.#early.splice(0);
    for (;;) {
      const { done, value } = await this.#iterator.next();
      if (done) return;
      if (this.#signal.aborted) throw leftError(this.#signal); // also when the engine does not notice
      yield value;
    }
  }

  /** The engine is through: its slot is free, and the call was a success. */
  complete(): void {
    this.#end();
    this.lease.release();
  }

  /** Ends it with what went wrong and returns that as a `GatewayError`. */
  fail(error: unknown): GatewayError {
    const failure = this.#signal.aborted ? leftError(this.#signal) : GatewayError.from(error);
    this.lease.release(failure);
    this.#stop(failure);
    return failure;
  }

  /** Stops the engine where it is, because nobody wants its answer. Does nothing after the end. */
  cancel(): void {
    if (this.#ended) return;
    const reason = new GatewayError('cancelled', 'Nobody waits for this answer any more.');
    this.lease.release(reason);
    this.#stop(reason);
  }

  #end(): void {
    this.#ended = true;
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  #stop(reason: GatewayError): void {
    if (this.#ended) return;
    this.#end();
    this.#stopped.abort(reason); // it may be already: then too the engine waits for its iteration to be left
    void this.#iterator.return?.()?.catch(() => {}); // the reason is told elsewhere
  }
}
