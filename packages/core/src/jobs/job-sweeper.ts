import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoreLog } from '../stores/store-log.ts';
import { applyJobEvent } from './job-record.ts';
import type { JobStore } from './job-store.ts';

const dayMs = 86_400_000;

export interface JobSweeperOptions {
  readonly store: JobStore;
  readonly log: StoreLog;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** How long an ended job is kept, milliseconds. Default 7 days. */
  readonly retentionMs?: number;
  /** How old an undelivered job may become, milliseconds. Default 7,200,000 (two hours). */
  readonly jobTimeoutMs?: number;
  /** Time between two sweeps, milliseconds. Default 10 minutes. */
  readonly intervalMs?: number;
  /** Most rows in one commit; between commits others have their turn. Default 200. */
  readonly batchSize?: number;
}

/** Ends jobs that are too old, such as those a crash left behind, and deletes what is past its retention. Whoever made it closes it. */
export class JobSweeper {
  readonly #options: Required<JobSweeperOptions>;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: JobSweeperOptions) {
    this.#options = {
      now: Date.now,
      retentionMs: 7 * dayMs,
      jobTimeoutMs: 7_200_000,
      intervalMs: 600_000,
      batchSize: 200,
      ...options,
    };
  }

  /** Sweeps from now on, in the background. A sweep that fails is logged and tried again at the next. */
  start(): void {
    this.#timer ??= setInterval(() => {
      this.#sweeping = this.#sweeping.then(() => this.#sweepQuietly());
    }, this.#options.intervalMs).unref();
  }

  /** One sweep: how many jobs were ended and how many rows deleted. Throws what the store throws. */
  async sweep(): Promise<{ timedOut: number; pruned: number }> {
    return {
      timedOut: await this.#inBatches(() => this.#timeOut()),
      pruned: await this.#inBatches(() => this.#prune()),
    };
  }

  /** Stops after the batch in hand. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  async #timeOut(): Promise<number> {
    const { store, now, jobTimeoutMs, batchSize } = this.#options;
    const overdue = await store.listUnfinished(now() - jobTimeoutMs, batchSize);
    const ended = overdue.flatMap((record) => applyJobEvent(record, { type: 'job-timed-out' }, now()) ?? []);
    if (ended.length > 0) await store.saveAll(ended);
    return ended.length;
  }

  #prune(): Promise<number> {
    const { store, now, retentionMs, batchSize } = this.#options;
    return store.prune(now() - retentionMs, batchSize);
  }

  async #inBatches(batch: () => Promise<number>): Promise<number> {
    let total = 0;
    while (!this.#closed) {
      const count = await batch();
      total += count;
      if (count < this.#options.batchSize) break;
      await nextTurn();
    }
    return total;
  }

  async #sweepQuietly(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.warn({ reason }, 'Old jobs could not be swept; the next sweep tries again.');
    }
  }
}
