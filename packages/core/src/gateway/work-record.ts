import type { ChatUsage, JobState } from '@anura/openapi';
import type { ResourceOffer } from '../catalog/resource-offer.ts';
import type { ChatEngineChunk } from '../engines/chat-engine.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { LoggedJob } from '../jobs/job-log.ts';
import type { Reservation } from '../limits/reservation.ts';
import { saysSomething } from './chat-chunks.ts';

/** What one finished request was, for usage, metrics and the log. Written once. */
export interface WorkSummary {
  readonly jobOfferId: string;
  readonly keyId: string;
  readonly kind: 'chat' | 'embedding';
  readonly model: string;
  /** The provider that had it last, if any. */
  readonly provider: string | undefined;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** From the request's start, milliseconds; undefined when it did not come so far. */
  readonly queueMs: number | undefined;
  readonly firstTokenMs: number | undefined;
  readonly totalMs: number;
  readonly error: GatewayError | undefined;
}

export interface WorkRecordOptions {
  readonly job: LoggedJob;
  readonly kind: WorkSummary['kind'];
  readonly model: string;
  readonly keyId: string;
  readonly reservation: Reservation;
  /** Told once, when the request is over. */
  readonly onEnd: (summary: WorkSummary) => void;
  /** Milliseconds, only differences matter. Default `performance.now`. */
  readonly now?: () => number;
}

/**
 * Follows one request and settles it exactly once, whichever way it ends: its job row, its key's budget, its usage. What was
 * delivered is counted, also when the answer broke off.
 */
export class WorkRecord {
  readonly #options: WorkRecordOptions;
  readonly #now: () => number;
  readonly #startedAt: number;
  #offer: ResourceOffer | undefined;
  #usage: ChatUsage | undefined;
  #pieces = 0;
  #queueMs: number | undefined;
  #firstTokenMs: number | undefined;
  #ended = false;

  constructor(options: WorkRecordOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#startedAt = this.#now();
  }

  get jobOfferId(): string {
    return this.#options.job.id;
  }

  get queueMs(): number | undefined {
    return this.#queueMs;
  }

  get firstTokenMs(): number | undefined {
    return this.#firstTokenMs;
  }

  /** The state the next heartbeat says. */
  get wireState(): JobState {
    return this.#firstTokenMs === undefined ? this.#options.job.record.state : 'ResultsSubmitted';
  }

  /** True counts from the engine; before it says any, the pieces delivered. */
  get usage(): ChatUsage {
    return this.#usage ?? { prompt_tokens: 0, completion_tokens: this.#pieces, total_tokens: this.#pieces };
  }

  agreed(offer: ResourceOffer): void {
    this.#offer = offer;
    this.#queueMs ??= this.#elapsed();
    this.#options.job.apply({ type: 'deal-agreed', provider: offer.provider });
  }

  /** Notes that the provider gave it back; returns the offer not to try again. */
  dropped(): string | undefined {
    this.#options.job.apply({ type: 'deal-dropped' });
    return this.#offer?.id;
  }

  /** Notes that a second provider was faster than the one that had it. */
  takenOver(offer: ResourceOffer): void {
    this.#options.job.apply({ type: 'deal-dropped' });
    this.agreed(offer);
  }

  firstToken(): void {
    this.#firstTokenMs ??= this.#elapsed();
  }

  count(piece: ChatEngineChunk): void {
    if (piece.usage) this.#usage = piece.usage;
    if (saysSomething(piece)) this.#pieces += piece.choices.length;
  }

  /** The counts of work that is not a stream. */
  countUsage(usage: ChatUsage): void {
    this.#usage = usage;
  }

  completed(): void {
    if (this.#ended) return;
    this.#options.job.apply({ type: 'results-submitted' });
    this.#end(undefined);
  }

  /** The error to throw on. */
  failed(error: unknown): GatewayError {
    const failure = GatewayError.from(error);
    if (this.#ended) return failure;
    const { job } = this.#options;
    const waiting = job.record.state === 'DealNegotiating';
    if (failure.code === 'cancelled') job.apply({ type: 'job-cancelled' });
    else if (failure.code === 'engine-timeout')
      job.apply({ type: waiting ? 'match-timed-out' : 'execution-timed-out' });
    else job.apply({ type: 'job-failed', error: failure });
    this.#end(failure);
    return failure;
  }

  left(): void {
    if (!this.#ended) this.failed(new GatewayError('cancelled', 'The caller left before the answer was complete.'));
  }

  #end(error: GatewayError | undefined): void {
    this.#ended = true;
    const { job, kind, model, keyId, reservation, onEnd } = this.#options;
    const delivered = error && this.#firstTokenMs === undefined ? undefined : this.usage;
    reservation.settle(delivered?.total_tokens ?? 0);
    onEnd({
      jobOfferId: job.id,
      keyId,
      kind,
      model,
      provider: this.#offer?.provider,
      promptTokens: delivered?.prompt_tokens ?? 0,
      completionTokens: delivered?.completion_tokens ?? 0,
      queueMs: this.#queueMs,
      firstTokenMs: this.#firstTokenMs,
      totalMs: this.#elapsed(),
      error,
    });
  }

  #elapsed(): number {
    return this.#now() - this.#startedAt;
  }
}
