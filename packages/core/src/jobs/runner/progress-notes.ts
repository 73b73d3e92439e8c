import type { JobLease } from '../durable/durable-job-store.ts';
import type { DurableJobs } from '../durable/durable-jobs.ts';

/** Writes an engine's progress down, the first at once and then the latest every `intervalMs`: an engine may tell it a thousand times. */
export class ProgressNotes {
  readonly #jobs: DurableJobs;
  readonly #lease: JobLease;
  readonly #intervalMs: number;
  #latest: number | undefined;
  #cancelTimer: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(jobs: DurableJobs, lease: JobLease, intervalMs: number) {
    this.#jobs = jobs;
    this.#lease = lease;
    this.#intervalMs = intervalMs;
  }

  add(part: number): void {
    this.#latest = part;
    if (!this.#cancelTimer) this.#write();
  }

  /** Resolves when nothing is being written any more; what was not written is of no use then. */
  async close(): Promise<void> {
    this.#latest = undefined;
    this.#cancelTimer?.();
    await this.#writing;
  }

  #write(): void {
    const part = this.#latest;
    this.#latest = undefined;
    this.#cancelTimer = undefined;
    if (part === undefined) return;
    // Progress that cannot be written is no reason to stop the work.
    this.#writing = this.#jobs.noteProgress(this.#lease, part).catch(() => undefined);
    this.#cancelTimer = this.#jobs.clock.after(this.#intervalMs, () => this.#write());
  }
}
