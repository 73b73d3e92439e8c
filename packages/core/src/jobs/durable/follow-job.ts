import type { JobRecord } from '../job-record.ts';
import { isUnfinished } from '../job-state.ts';
import type { DurableJobs } from './durable-jobs.ts';
import { type JobNotice, noticesAfter } from './job-notices.ts';

export interface FollowOptions {
  readonly id: string;
  /** The last notice the caller has; 0 for all. */
  readonly afterSequence: number;
  readonly signal: AbortSignal;
  /** Reads the job; `undefined` when it is gone. */
  readonly find: () => Promise<JobRecord | undefined>;
  /** How often to look for changes other processes made, milliseconds. Default 2,000. */
  readonly pollMs?: number;
}

/**
 * What happens to a job, as it happens, from a given notice on, until it is delivered or has ended otherwise. Ends early,
 * without an error, when the signal aborts.
 */
export async function* followJob(
  jobs: DurableJobs,
  { id, afterSequence, signal, find, pollMs = 2_000 }: FollowOptions,
): AsyncGenerator<JobNotice, void, undefined> {
  let last = afterSequence;
  while (!signal.aborted) {
    // Listening begins before reading, so that nothing can happen in between.
    const change = nextChange(jobs, id, pollMs, signal);
    try {
      const record = await find();
      for (const notice of record ? noticesAfter(record, last) : []) {
        last = notice.sequence;
        yield notice;
      }
      if (!record || !isUnfinished(record.state)) return;
      await change.happened;
    } finally {
      change.stop();
    }
  }
}

function nextChange(jobs: DurableJobs, id: string, pollMs: number, signal: AbortSignal) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stopListening = jobs.onChange((record) => {
    if (record.id === id) resolve();
  });
  const stopTimer = jobs.clock.after(pollMs, resolve);
  const left = () => resolve();
  signal.addEventListener('abort', left, { once: true });
  const stop = () => {
    stopListening();
    stopTimer();
    signal.removeEventListener('abort', left);
  };
  return { happened: promise, stop };
}
