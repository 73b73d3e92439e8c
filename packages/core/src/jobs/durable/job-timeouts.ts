import type { JobRecord } from '../job-record.ts';
import type { JobEventType } from '../job-state.ts';

/** How long a job may take, milliseconds. Fixed when it is submitted, so that a restart with other settings changes no promise. */
export interface JobTimeouts {
  /** From the offer, or from the moment a provider gave it back, until a provider takes it. */
  readonly matchMs: number;
  /** From the deal until the results. */
  readonly executionMs: number;
  /** From the offer until the results. */
  readonly totalMs: number;
}

/** The wire's own, with a longer match: a queued video may wait for those before it. */
export const defaultTimeouts: JobTimeouts = { matchMs: 3_600_000, executionMs: 900_000, totalMs: 7_200_000 };

/** When the job's time is over as it stands now, and what happens to it then. */
export interface Deadline {
  readonly atMs: number;
  readonly event: Extract<JobEventType, 'match-timed-out' | 'execution-timed-out' | 'job-timed-out'>;
}

/** The deadline of a job that nobody has delivered. */
export function deadlineOf(record: JobRecord, { matchMs, executionMs, totalMs }: JobTimeouts): Deadline {
  const total: Deadline = { atMs: record.createdAtMs + totalMs, event: 'job-timed-out' };
  const sinceMs = record.history.at(-1)?.atMs ?? record.createdAtMs;
  const step: Deadline =
    record.state === 'DealAgreed'
      ? { atMs: sinceMs + executionMs, event: 'execution-timed-out' }
      : { atMs: sinceMs + matchMs, event: 'match-timed-out' };
  return step.atMs < total.atMs ? step : total;
}
