import { type JobEvent, type JobRecord, jobChange } from '../job-record.ts';
import type {
  ClaimedJob,
  DurableJobStore,
  JobLease,
  NewJob,
  QueueBounds,
  SavedOperation,
  Submitted,
} from './durable-job-store.ts';
import { type WallClock, wallClock } from './wall-clock.ts';

export interface DurableJobsOptions {
  readonly store: DurableJobStore;
  /** Default the system's. */
  readonly clock?: WallClock;
}

/**
 * Every change to a job that survives goes through here: it is given its time, made durable, and then told to those in this
 * process who follow the job. Changes by other processes are not heard here; whoever must know asks the store now and then.
 */
export class DurableJobs {
  readonly clock: WallClock;
  readonly store: DurableJobStore;
  readonly #listeners = new Set<(record: JobRecord) => void>();

  constructor({ store, clock = wallClock }: DurableJobsOptions) {
    this.store = store;
    this.clock = clock;
  }

  /** Called with the record after every change. The returned function ends it. */
  onChange(listener: (record: JobRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async submit(job: NewJob, bounds: QueueBounds): Promise<Submitted> {
    const submitted = await this.store.submit(job, bounds);
    if (submitted.outcome === 'accepted') this.#tell(submitted.record);
    return submitted;
  }

  async claim(wanted: readonly { model: string; count: number }[], leaseMs: number): Promise<ClaimedJob[]> {
    const nowMs = this.clock.now();
    return this.store.claim({ wanted, nowMs, leaseUntilMs: nowMs + leaseMs });
  }

  renew(leases: readonly JobLease[], leaseMs: number): Promise<string[]> {
    return this.store.renew(leases, this.clock.now() + leaseMs);
  }

  saveOperation(lease: JobLease, operation: SavedOperation): Promise<boolean> {
    return this.store.saveOperation(lease, operation);
  }

  async noteProgress(lease: JobLease, part: number): Promise<void> {
    this.#tell(await this.store.noteProgress(lease, part, this.clock.now()));
  }

  /** What happened to the job; by whoever holds it, when a lease is given. `undefined` when it cannot happen any more. */
  async apply(
    job: { readonly id: string; readonly attempt?: number },
    event: JobEvent,
  ): Promise<JobRecord | undefined> {
    const { id, ...fence } = job;
    return this.#tell(await this.store.apply(id, jobChange(event), { atMs: this.clock.now(), ...fence }));
  }

  /** Releases a job for another attempt after `delayMs`. */
  async giveBack(
    lease: JobLease,
    how: { readonly delayMs: number; readonly failed: boolean; readonly forgetOperation: boolean },
  ): Promise<JobRecord | undefined> {
    const nowMs = this.clock.now();
    const { delayMs, failed, forgetOperation } = how;
    return this.#tell(await this.store.giveBack(lease, { nowMs, readyAtMs: nowMs + delayMs, failed, forgetOperation }));
  }

  async endOverdue(limit: number): Promise<number> {
    const ended = await this.store.endOverdue(this.clock.now(), limit);
    for (const record of ended) this.#tell(record);
    return ended.length;
  }

  async endUnfetched(olderThanMs: number, limit: number): Promise<number> {
    const nowMs = this.clock.now();
    const ended = await this.store.endUnfetched(nowMs - olderThanMs, nowMs, limit);
    for (const record of ended) this.#tell(record);
    return ended.length;
  }

  #tell(record: JobRecord | undefined): JobRecord | undefined {
    if (record) for (const listener of this.#listeners) listener(record);
    return record;
  }
}
