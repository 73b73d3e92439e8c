import type { ChatCompletionChunk, ChatCompletionRequest, ChatUsage } from '@anura/openapi';
import type { ChatEngine, ChatEngineChunk } from '../engines/chat-engine.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Lease } from '../scheduler/lease.ts';
import { type ChatChunks, saysSomething } from './chat-chunks.ts';
import { FinishLast } from './finish-last.ts';
import type { WorkRecord } from './work-record.ts';

/*
 *   chunks()                          engine failed before its first token, another may do better
 *      │                            ┌────────────────────────────────────────────────────┐
 *      ▼                            ▼                                                    │
 *  DealNegotiating ── lease ──► DealAgreed ── first token ──► delivering ── finish ──► complete
 *      │                            │                             │
 *      └──── refused, left, late ───┴──── engine's last word ─────┴──► thrown, once, recorded, once
 */

export interface ChatRunOptions {
  readonly request: ChatCompletionRequest;
  readonly chunks: ChatChunks;
  readonly record: WorkRecord;
  /** Aborted when the caller left or the request's time is over. */
  readonly signal: AbortSignal;
  /** The first lease, asked for already, so that a refusal could be told before the stream began. */
  readonly firstLease: Promise<Lease>;
  /** Asks for another offer, not one of those tried. */
  nextLease(tried: ReadonlySet<string>): Promise<Lease>;
  engineOf(provider: string): ChatEngine;
}

/** One chat request from its deal to its last chunk, over as many providers as it takes until one says a first token. */
export class ChatRun {
  readonly #options: ChatRunOptions;
  readonly #tried = new Set<string>();
  #started = false;

  constructor(options: ChatRunOptions) {
    this.#options = options;
  }

  get jobOfferId(): string {
    return this.#options.record.jobOfferId;
  }

  /** Says again where the job stands, for callers who wait long. */
  heartbeat(): ChatCompletionChunk {
    return this.#options.chunks.state(this.#options.record.wireState);
  }

  /**
   * The chunks of the answer, to be iterated once. Ends when every answer is complete; throws the `GatewayError` that ended
   * it otherwise. Leaving early stops the engine and frees the slot.
   */
  async *chunks(): AsyncGenerator<ChatCompletionChunk, void, undefined> {
    const { chunks, record, request } = this.#options;
    try {
      yield chunks.state('DealNegotiating', request.n ?? 1);
      let lease = await this.#options.firstLease;
      for (;;) {
        record.agreed(lease.offer);
        yield chunks.state('DealAgreed');
        const failure = yield* this.#attempt(lease);
        if (!failure) break;
        lease = await this.#elsewhere(failure);
      }
      record.completed();
    } catch (error) {
      throw record.failed(error);
    } finally {
      record.left(); // does nothing after completed or failed
    }
  }

  /** Runs the request on one offer. Returns the error when another offer may still answer. */
  async *#attempt(lease: Lease): AsyncGenerator<ChatCompletionChunk, GatewayError | undefined, undefined> {
    const { chunks, record, request, signal, engineOf } = this.#options;
    const { offer } = lease;
    const last = new FinishLast();
    try {
      const call = { offer, signal, jobOfferId: this.jobOfferId };
      for await (const piece of engineOf(offer.provider).chat(request, call)) {
        if (saysSomething(piece) && !this.#started) this.#firstToken(lease);
        record.count(piece);
        if (signal.aborted) throw leftError(signal); // also when the engine does not notice
        const ready = last.add(piece);
        if (ready) yield chunks.piece(ready);
      }
      yield chunks.piece(this.#lastPiece(last, record.usage));
      lease.release();
      return undefined;
    } catch (error) {
      const failure = signal.aborted ? leftError(signal) : GatewayError.from(error);
      lease.release(failure);
      if (this.#started || failure.retry !== 'elsewhere') throw failure;
      return failure;
    } finally {
      lease.release(new GatewayError('cancelled', 'The caller left.')); // counts only when the iteration was left
    }
  }

  #firstToken(lease: Lease): void {
    this.#started = true;
    lease.firstToken();
    this.#options.record.firstToken();
  }

  #lastPiece(last: FinishLast, usage: ChatUsage): ChatEngineChunk {
    const piece = last.take();
    if (piece) return { ...piece, usage };
    throw new GatewayError('engine-failed', 'The provider ended its answer without saying that it was complete.', {
      retry: 'elsewhere',
    });
  }

  /** Another offer after a failure; when nobody is left, the failure itself is the answer. */
  async #elsewhere(failure: GatewayError): Promise<Lease> {
    const { record, signal, nextLease } = this.#options;
    const provider = record.dropped(failure);
    if (provider) this.#tried.add(provider);
    try {
      return await nextLease(this.#tried);
    } catch (error) {
      throw signal.aborted ? leftError(signal) : GatewayError.is(error) && error.code === 'cancelled' ? error : failure;
    }
  }
}

/** The reason a request was ended from outside. */
export function leftError(signal: AbortSignal): GatewayError {
  const { reason } = signal;
  return GatewayError.is(reason)
    ? reason
    : new GatewayError('cancelled', 'The caller left before the answer was complete.');
}
