import type { ArtifactStore } from '../../artifacts/artifact-store.ts';
import type { ResourceOffer } from '../../catalog/resource-offer.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { Lease } from '../../scheduler/lease.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { ClaimedJob, JobLease } from '../durable/durable-job-store.ts';
import type { DurableJobs } from '../durable/durable-jobs.ts';
import { deadlineOf } from '../durable/job-timeouts.ts';
import type { JobEvent, JobRecord } from '../job-record.ts';
import { checkProduct, type Product } from './check-product.ts';
import { insist } from './insist.ts';
import { leaseOf, lostJob, makeProduct } from './make-product.ts';
import { mediaJobOffer } from './media-job-offer.ts';
import { isMediaKind, type MediaKind, type MediaProvider } from './media-provider.ts';
import { offersToAvoid } from './offers-to-avoid.ts';
import { planRetry } from './retry-plan.ts';

/*
 *   claimed ──► slot ──► deal agreed ──► engine ──► checked ──► kept ──► results submitted
 *      ▲          │           │             │          │          │
 *      │        nobody       lost           └─ failed ─┴──────────┘
 *      │          │           │                │
 *      └ given ◄──┘           └ nothing to     ├ elsewhere: another slot
 *        back  ◄───────────┐    do: the job    ├ worth another try ──► given back
 *                          └─── is another's   └ else: job failed
 *
 *  Whatever an attempt does after it lost the job changes nothing: the store refuses it by the attempt's number.
 */

export interface AttemptSurroundings {
  readonly jobs: DurableJobs;
  readonly scheduler: Pick<Scheduler, 'acquire'>;
  readonly providers: ReadonlyMap<string, MediaProvider>;
  readonly offers: () => readonly ResourceOffer[];
  readonly artifacts: ArtifactStore;
  /** Where the caller will find the result. */
  readonly resultUrl: (record: JobRecord) => string;
  readonly pollMs: number;
  readonly progressMs: number;
  /** So many failures of engines end a job. */
  readonly maxFailures: number;
  /** So many attempts whose process died end a job: it may be what kills them. */
  readonly maxLapses: number;
  /** How long work at a provider that is gone is waited for before it is begun anew elsewhere. */
  readonly operationPatienceMs: number;
  /** Told of every failure, for the log. */
  readonly onTrouble: (claimed: ClaimedJob, error: GatewayError) => void;
}

/** Why an attempt is stopped from outside: the job is over, another process has it, or this one shuts down. */
export type StopReason = 'over' | 'taken' | 'closing';

/** One attempt at one claimed job, to whatever end. */
export class JobAttempt {
  readonly #claimed: ClaimedJob;
  readonly #around: AttemptSurroundings;
  readonly #controller = new AbortController();
  #stopped: StopReason | undefined;

  constructor(claimed: ClaimedJob, around: AttemptSurroundings) {
    this.#claimed = claimed;
    this.#around = around;
  }

  get lease(): JobLease {
    return leaseOf(this.#claimed);
  }

  get model(): string {
    return this.#claimed.record.model;
  }

  /** The first reason counts. `error` is what the engine's work ends with, by default a cancel. */
  stop(reason: StopReason, error: GatewayError = lostJob()): void {
    if (this.#stopped) return;
    this.#stopped = reason;
    this.#controller.abort(error);
  }

  /** Resolves when nothing of the attempt is left. Never throws. */
  async run(): Promise<void> {
    try {
      const { record, lapses } = this.#claimed;
      if (!isMediaKind(record.kind)) await this.#fail(notMedia(record.kind));
      else if (lapses >= this.#around.maxLapses) await this.#fail(diedTooOften(lapses));
      else await this.#runSomewhere(record.kind);
    } catch (error) {
      // The store itself failed: the hold lapses, and whoever claims the job next goes on.
      this.#around.onTrouble(this.#claimed, GatewayError.from(error));
    }
  }

  async #runSomewhere(kind: MediaKind): Promise<void> {
    const tried = new Set<string>();
    let failure: GatewayError | undefined;
    for (;;) {
      const lease = await this.#acquire(kind, tried).catch((error: unknown) => GatewayError.from(error));
      if (GatewayError.is(lease)) return this.#settle(failure ?? lease, failure ? 'running' : 'matching');
      failure = await this.#runAt(lease, kind);
      if (failure === undefined) return;
      if (this.#stopped || failure.retry !== 'elsewhere') return this.#settle(failure, 'running');
      this.#around.onTrouble(this.#claimed, failure);
      tried.add(lease.offer.id);
      await this.#note({ type: 'deal-dropped' });
    }
  }

  #acquire(kind: MediaKind, tried: ReadonlySet<string>): Promise<Lease> {
    const { offers, jobs, operationPatienceMs, scheduler } = this.#around;
    const nowMs = jobs.clock.now();
    const avoid = offersToAvoid(this.#claimed, { offers: offers(), tried, nowMs, operationPatienceMs });
    const { record, input, weight } = this.#claimed;
    const offer = mediaJobOffer({ id: record.id, keyId: record.keyId, kind, model: record.model, input, weight });
    return scheduler.acquire(offer, { signal: this.#controller.signal, exclude: avoid });
  }

  /** Has it made at one offer and delivers it. Resolves with what went wrong, if anything. */
  async #runAt(lease: Lease, kind: MediaKind): Promise<GatewayError | undefined> {
    let stopWatching = () => {};
    try {
      const agreed = await this.#note({ type: 'deal-agreed', provider: lease.offer.provider });
      if (!agreed) throw lostJob();
      stopWatching = this.#watchDeadline(agreed);
      const product = await this.#make(lease.offer, kind);
      checkProduct(kind, product, this.#claimed.input);
      lease.release();
      await this.#deliver(agreed, product);
      return undefined;
    } catch (error) {
      const { signal } = this.#controller;
      const failure = GatewayError.from(signal.aborted ? signal.reason : error);
      lease.release(failure); // does nothing after the one above
      return failure;
    } finally {
      stopWatching();
    }
  }

  #make(offer: ResourceOffer, kind: MediaKind): Promise<Product> {
    const { jobs, providers, pollMs, progressMs } = this.#around;
    return makeProduct({
      jobs,
      claimed: this.#claimed,
      kind,
      offer,
      provider: providers.get(offer.provider),
      signal: this.#controller.signal,
      pollMs,
      progressMs,
      isStillWanted: () => this.#stopped === 'closing' || this.#stopped === 'taken',
    });
  }

  async #deliver(record: JobRecord, { bytes, contentType }: Product): Promise<void> {
    const { artifacts, resultUrl } = this.#around;
    const { id, attempt } = this.lease;
    // The attempt is part of the name: what a late one writes is never taken for the result of another.
    const artifactId = `${id}-${attempt}`;
    const { sizeBytes } = await artifacts.put(artifactId, bytes, contentType);
    const result = { content_type: contentType, size_bytes: sizeBytes, url: resultUrl(record) };
    const submitted = await insist(() => this.#note({ type: 'results-submitted', result, artifactId }));
    // The bytes stay until their retention even so: a store that crashed may have submitted them before it was asked again.
    if (!submitted) throw lostJob();
  }

  /** Ends the job and the attempt when the time for it is over. */
  #watchDeadline(agreed: JobRecord): () => void {
    const { clock } = this.#around.jobs;
    const { atMs, event } = deadlineOf(agreed, this.#claimed.timeouts);
    return clock.after(Math.max(0, atMs - clock.now()), () => {
      this.#note({ type: event }).then(
        () => this.stop('over'),
        // The store is in trouble; the sweeper ends the job when it is not.
        () => this.stop('taken'),
      );
    });
  }

  async #settle(failure: GatewayError, stage: 'matching' | 'running'): Promise<void> {
    if (this.#stopped === 'closing') return this.#giveBack({ delayMs: 0, failed: false });
    if (this.#stopped) return;
    const { maxFailures, onTrouble } = this.#around;
    const plan = planRetry(failure, { stage, failures: this.#claimed.failures, maxFailures });
    if (stage === 'running') onTrouble(this.#claimed, failure);
    await (plan.action === 'fail' ? this.#fail(failure) : this.#giveBack(plan));
  }

  async #fail(error: GatewayError): Promise<void> {
    await insist(() => this.#note({ type: 'job-failed', error }));
  }

  async #giveBack({ delayMs, failed }: { delayMs: number; failed: boolean }): Promise<void> {
    const { jobs } = this.#around;
    await insist(() => jobs.giveBack(this.lease, { delayMs, failed, forgetOperation: failed }));
  }

  #note(event: JobEvent): Promise<JobRecord | undefined> {
    return this.#around.jobs.apply(this.lease, event);
  }
}

const notMedia = (kind: string): GatewayError =>
  new GatewayError('internal', `Jobs that make ${kind} are not kept to be run later.`);

const diedTooOften = (lapses: number): GatewayError =>
  new GatewayError(
    'engine-failed',
    `The server stopped ${lapses} times while working on this job, so it is not tried again.`,
  );
