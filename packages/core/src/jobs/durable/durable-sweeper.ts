import type { ArtifactStore } from '../../artifacts/artifact-store.ts';
import type { IdempotencyStore } from '../../idempotency/idempotency-store.ts';
import type { StoreLog } from '../../stores/store-log.ts';
import type { DurableJobs } from './durable-jobs.ts';

export interface DurableSweeperOptions {
  readonly jobs: DurableJobs;
  readonly artifacts: ArtifactStore;
  readonly idempotency: IdempotencyStore;
  readonly log: StoreLog;
  /** How long a finished job is kept, its prompt with it, milliseconds. Default 7 days. */
  readonly retentionMs?: number;
  /** How long a result is kept, fetched or not, milliseconds. Default 24 hours; never longer than the job. */
  readonly resultRetentionMs?: number;
  /** How long answers to requests with an `Idempotency-Key` are kept, milliseconds. Default 24 hours. */
  readonly idempotencyMs?: number;
  /** How often to look for jobs whose time is over, milliseconds. Default 1,000. */
  readonly intervalMs?: number;
  /** How often to delete what is past its retention, milliseconds. Default 10 minutes. */
  readonly pruneIntervalMs?: number;
  /** Most rows in one commit. Default 200. */
  readonly batchSize?: number;
}

const dayMs = 86_400_000;

/** Ends jobs whose time is over, nobody working on them or somebody, and deletes what is past its retention. Whoever made it closes it. */
export class DurableSweeper {
  readonly #options: Required<DurableSweeperOptions>;
  #cancelTimer = () => {};
  #sweeping: Promise<void> = Promise.resolve();
  #prunedAtMs = Number.NEGATIVE_INFINITY;
  #closed = false;
  #inTrouble = false;

  constructor(options: DurableSweeperOptions) {
    this.#options = {
      retentionMs: 7 * dayMs,
      resultRetentionMs: dayMs,
      idempotencyMs: dayMs,
      intervalMs: 1_000,
      pruneIntervalMs: 600_000,
      batchSize: 200,
      ...options,
    };
  }

  /** Sweeps from now on, in the background. A sweep that fails is logged and tried again at the next. */
  start(): void {
    if (this.#closed) return;
    const { jobs, intervalMs } = this.#options;
    this.#cancelTimer();
    this.#cancelTimer = jobs.clock.after(intervalMs, () => {
      this.#sweeping = this.#sweepQuietly().then(() => this.start());
    });
  }

  /** Ends jobs whose time is over; how many. */
  endOverdue(): Promise<number> {
    const { jobs, batchSize } = this.#options;
    return this.#inBatches(() => jobs.endOverdue(batchSize));
  }

  /** Deletes what is past its retention. */
  async prune(): Promise<{ unfetched: number; jobs: number; artifacts: number }> {
    const { jobs, artifacts, idempotency, batchSize, retentionMs, idempotencyMs } = this.#options;
    const resultRetentionMs = Math.min(this.#options.resultRetentionMs, retentionMs);
    const nowMs = jobs.clock.now();
    // First the promise of a result, then its bytes, then the job.
    const pruned = {
      unfetched: await this.#inBatches(() => jobs.endUnfetched(resultRetentionMs, batchSize)),
      artifacts: await this.#inBatches(() => artifacts.prune(nowMs - resultRetentionMs, batchSize)),
      jobs: await this.#inBatches(() => jobs.store.prune(nowMs - retentionMs, batchSize)),
    };
    await this.#inBatches(() => idempotency.prune(nowMs - idempotencyMs, batchSize));
    return pruned;
  }

  /** Stops after the batch in hand. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    await this.#sweeping;
  }

  async #sweepQuietly(): Promise<void> {
    const { jobs, pruneIntervalMs, log } = this.#options;
    try {
      await this.endOverdue();
      if (jobs.clock.now() - this.#prunedAtMs >= pruneIntervalMs) {
        this.#prunedAtMs = jobs.clock.now();
        await this.prune();
      }
      this.#inTrouble = false;
    } catch (error) {
      if (this.#inTrouble) return;
      this.#inTrouble = true;
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ reason }, 'Jobs whose time is over could not be ended; it is tried again every moment.');
    }
  }

  async #inBatches(batch: () => Promise<number>): Promise<number> {
    let total = 0;
    while (!this.#closed) {
      const count = await batch();
      total += count;
      if (count < this.#options.batchSize) break;
    }
    return total;
  }
}
