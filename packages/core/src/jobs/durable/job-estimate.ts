import type { JobRecord } from '../job-record.ts';

/** What the store knows about a job that waits or runs. */
export interface JobStanding {
  /** How many jobs for the same model go before it; 0 when it runs or is next. */
  readonly ahead: number;
  /** How many jobs for the same model are being worked on, itself included. */
  readonly running: number;
  /** How long jobs of this model took from deal to results lately, milliseconds; `null` before the first was measured. */
  readonly meanMs: number | null;
}

export interface JobEstimate {
  /** How many jobs go before it. */
  readonly position: number;
  /** Until its results, milliseconds; `null` while nothing was measured or nobody offers the model: no number is better than a guess. */
  readonly remainingMs: number | null;
}

/** `slots`: how many jobs of the model can run at once now. */
export function estimateJob(record: JobRecord, standing: JobStanding, slots: number, nowMs: number): JobEstimate {
  const { ahead, running, meanMs } = standing;
  if (record.state === 'DealAgreed') return { position: 0, remainingMs: remainingMs(record, meanMs, nowMs) };
  if (meanMs === null || slots === 0) return { position: ahead, remainingMs: null };
  // A full house frees a slot every `meanMs / slots` on average; then it runs for `meanMs` itself.
  const before = Math.max(0, ahead + running - slots + 1);
  return { position: ahead, remainingMs: Math.round((before * meanMs) / slots + meanMs) };
}

/** A job that tells its progress is measured by itself once it has told enough; others by those before it. */
function remainingMs({ deal, progress }: JobRecord, meanMs: number | null, nowMs: number): number | null {
  if (deal === null) return null;
  const elapsedMs = Math.max(0, nowMs - deal.agreedAtMs);
  if (progress && progress.part >= 0.1) {
    const takenMs = progress.atMs - deal.agreedAtMs;
    return Math.max(0, Math.round(takenMs / progress.part - elapsedMs));
  }
  return meanMs === null ? null : Math.max(0, Math.round(meanMs - elapsedMs));
}
