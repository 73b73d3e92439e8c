import type { ChatCompletionChunk, ChatCompletionRequest, ChatUsage } from '@anura/openapi';
import type { ChatEngine, ChatEngineChunk } from '../engines/chat-engine.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Lease } from '../scheduler/lease.ts';
import { Attempt } from './attempt.ts';
import { leftError } from './bounded-signal.ts';
import type { ChatChunks } from './chat-chunks.ts';
import { FinishLast } from './finish-last.ts';
import { firstToSpeak, type Hedge } from './first-to-speak.ts';
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
  /** Asks a second provider when the first is late with its first token; absent when that is off. */
  readonly hedging?: Hedging;
}

export interface Hedging {
  /** Milliseconds of silence at least. */
  readonly afterMs: number;
  /** A slot that is free this moment, within the budget for such extra work. */
  secondLease(tried: ReadonlySet<string>): Lease | undefined;
}

/** One chat request from its deal to its last chunk, over as many providers as it takes until one says a first token. */
export class ChatRun {
  readonly #options: ChatRunOptions;
  readonly #tried = new Set<string>();

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
    const { chunks, record } = this.#options;
    const last = new FinishLast();
    let attempt = this.#begin(lease);
    try {
      attempt = await firstToSpeak(attempt, this.#hedge(lease));
      if (attempt.lease !== lease) record.takenOver(attempt.lease.offer);
      if (attempt.spoke) record.firstToken();
      for await (const piece of attempt.pieces()) {
        record.count(piece);
        const ready = last.add(piece);
        if (ready) yield chunks.piece(ready);
      }
      yield chunks.piece(this.#lastPiece(last, record.usage));
      attempt.complete();
      return undefined;
    } catch (error) {
      const failure = attempt.fail(error);
      if (attempt.spoke || failure.retry !== 'elsewhere') throw failure;
      return failure;
    } finally {
      attempt.cancel(); // when the iteration was left
    }
  }

  #begin(lease: Lease): Attempt {
    const { request, signal, engineOf } = this.#options;
    return new Attempt({ lease, engine: engineOf(lease.offer.provider), request, jobOfferId: this.jobOfferId, signal });
  }

  #hedge(first: Lease): Hedge | undefined {
    const { hedging } = this.#options;
    if (!hedging) return undefined;
    const afterMs = Math.max(hedging.afterMs, first.lateFirstTokenMs ?? 0);
    return {
      afterMs,
      begin: () => {
        const lease = hedging.secondLease(new Set([...this.#tried, first.offer.id]));
        return lease && this.#begin(lease);
      },
    };
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
    const offer = record.dropped();
    if (offer) this.#tried.add(offer);
    try {
      return await nextLease(this.#tried);
    } catch (error) {
      throw signal.aborted ? leftError(signal) : GatewayError.is(error) && error.code === 'cancelled' ? error : failure;
    }
  }
}
