import type { ResourceOffer } from '../../catalog/resource-offer.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { StoreLog } from '../../stores/store-log.ts';
import type { ClaimedJob } from '../durable/durable-job-store.ts';
import type { JobRecord } from '../job-record.ts';
import { isUnfinished } from '../job-state.ts';
import { type AttemptSurroundings, JobAttempt } from './job-attempt.ts';
import { isMediaKind, type MediaProvider } from './media-provider.ts';

export interface JobRunnerOptions extends Pick<AttemptSurroundings, 'jobs' | 'scheduler' | 'artifacts' | 'resultUrl'> {
  /** Read anew at every look, so that models may come and go. The runner does not close them. */
  readonly providers: readonly MediaProvider[];
  readonly log: StoreLog;
  /** A hold that is not renewed ends after this time, milliseconds; it is renewed three times within it. Default 15,000. */
  readonly leaseMs?: number;
  /** How often to look for work nobody told of (retries that are due, jobs of dead processes, new models), milliseconds. Default 1,000. */
  readonly lookMs?: number;
  /** Default 1,000. */
  readonly pollMs?: number;
  /** Default 500. */
  readonly progressMs?: number;
  /** Default 3. */
  readonly maxFailures?: number;
  /** Default 20. */
  readonly maxLapses?: number;
  /** Default 30,000. */
  readonly operationPatienceMs?: number;
}

/**
 * Runs the jobs that survive: claims as many of each model as there are slots for it, and follows each to its end. Any number
 * of runners, in any number of processes, may share a store. Whoever made it calls `start`, and `close` before the
 * scheduler, the artifacts and the store are closed.
 */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #leaseMs: number;
  readonly #around: AttemptSurroundings;
  readonly #running = new Map<string, { readonly attempt: JobAttempt; readonly ended: Promise<void> }>();
  #stopListening = () => {};
  #stopTimers: (() => void)[] = [];
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #closed = false;
  #inTrouble = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? 15_000;
    const { jobs, scheduler, artifacts, resultUrl } = options;
    this.#around = {
      jobs,
      scheduler,
      artifacts,
      resultUrl,
      providers: new Map(options.providers.map((provider) => [provider.name, provider])),
      offers: () => this.#offers(),
      pollMs: options.pollMs ?? 1_000,
      progressMs: options.progressMs ?? 500,
      maxFailures: options.maxFailures ?? 3,
      maxLapses: options.maxLapses ?? 20,
      operationPatienceMs: options.operationPatienceMs ?? 30_000,
      onTrouble: (claimed, error) => this.#noteTrouble(claimed, error),
    };
  }

  /** Begins to work in the background. */
  start(): void {
    if (this.#closed || this.#stopTimers.length > 0) return;
    this.#stopListening = this.#options.jobs.onChange((record) => this.#heard(record));
    this.#stopTimers = [
      this.#every(this.#options.lookMs ?? 1_000, () => this.#look()),
      this.#every(this.#leaseMs / 3, () => void this.#renew()),
    ];
    this.#look();
  }

  /** How many jobs it is working on. */
  get running(): number {
    return this.#running.size;
  }

  /** Lets go of all jobs, for the next process to go on with, and resolves when nothing is left. Safe to call twice. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    for (const stop of this.#stopTimers) stop();
    await this.#looking;
    for (const { attempt } of this.#running.values()) attempt.stop('closing');
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  #heard(record: JobRecord): void {
    const running = this.#running.get(record.id);
    if (record.state === 'TimeoutExecution') running?.attempt.stop('over', tookTooLong());
    else if (!isUnfinished(record.state)) running?.attempt.stop('over');
    else if (!running && record.state === 'DealNegotiating') this.#look();
  }

  /** Looks for work; a call while it looks makes it look once more. */
  #look(): void {
    this.#lookAgain = true;
    if (this.#closed) return;
    this.#looking ??= this.#claimAll().finally(() => {
      this.#looking = undefined;
      if (this.#lookAgain) this.#look();
    });
  }

  async #claimAll(): Promise<void> {
    this.#lookAgain = false;
    const wanted = this.#room();
    if (wanted.length === 0) return;
    try {
      for (const claimed of await this.#options.jobs.claim(wanted, this.#leaseMs)) this.#begin(claimed);
      this.#inTrouble = false;
    } catch (error) {
      this.#noteStoreTrouble(error);
    }
  }

  /** Free slots by model, as far as this process knows. */
  #room(): { model: string; count: number }[] {
    const slots = new Map<string, number>();
    for (const { model, slots: more } of this.#offers()) slots.set(model, (slots.get(model) ?? 0) + more);
    for (const { attempt } of this.#running.values()) slots.set(attempt.model, (slots.get(attempt.model) ?? 0) - 1);
    return [...slots].flatMap(([model, count]) => (count > 0 ? { model, count } : []));
  }

  #offers(): ResourceOffer[] {
    const offers = this.#options.providers.flatMap((provider) => provider.offers());
    return offers.filter(({ modality }) => isMediaKind(modality));
  }

  #begin(claimed: ClaimedJob): void {
    // A hold that lapsed here, in a process that stood still, may come back to the same process.
    this.#running.get(claimed.id)?.attempt.stop('taken');
    const attempt = new JobAttempt(claimed, this.#around);
    const ended = attempt.run().finally(() => {
      if (this.#running.get(claimed.id)?.attempt === attempt) this.#running.delete(claimed.id);
      this.#look();
    });
    this.#running.set(claimed.id, { attempt, ended });
  }

  async #renew(): Promise<void> {
    const attempts = [...this.#running.values()].map(({ attempt }) => attempt);
    if (attempts.length === 0) return;
    const { jobs } = this.#options;
    try {
      const held = new Set(
        await jobs.renew(
          attempts.map(({ lease }) => lease),
          this.#leaseMs,
        ),
      );
      for (const attempt of attempts) {
        if (held.has(attempt.lease.id)) continue;
        attempt.stop((await jobs.store.standing(attempt.lease.id)) ? 'taken' : 'over');
      }
    } catch (error) {
      this.#noteStoreTrouble(error);
    }
  }

  #every(intervalMs: number, task: () => void): () => void {
    const { clock } = this.#options.jobs;
    let cancel = clock.after(intervalMs, again);
    function again(): void {
      cancel = clock.after(intervalMs, again);
      task();
    }
    return () => cancel();
  }

  #noteTrouble({ id, record, attempt }: ClaimedJob, error: GatewayError): void {
    const fields = { jobOfferId: id, model: record.model, attempt, code: error.code, reason: error.message };
    this.#options.log.warn(fields, 'A job was not done in this attempt.');
  }

  #noteStoreTrouble(error: unknown): void {
    if (this.#inTrouble) return;
    this.#inTrouble = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.log.warn({ reason }, 'Jobs cannot be taken from the store; it is tried again every moment.');
  }
}

/** Counts against the provider, which a cancel does not. */
const tookTooLong = (): GatewayError =>
  new GatewayError('engine-timeout', 'The provider took longer than this job may take.');
