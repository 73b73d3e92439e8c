import type { CallOptions } from './call.js';
import type { Job } from './generated/index.js';

export type WaitOptions = CallOptions & {
  /** Called with the job each time it was asked for. */
  onProgress?: ((job: Job) => void) | undefined;
};

const shortestMs = 250;
const longestMs = 5_000;

/** Asks for the job until it is over, more often when it should be over soon. */
export async function waitForJob(getJob: () => Promise<Job>, { onProgress, signal }: WaitOptions): Promise<Job> {
  for (;;) {
    const job = await getJob();
    onProgress?.(job);
    if (job.job_state !== 'DealNegotiating' && job.job_state !== 'DealAgreed') return job;
    await pause(pollDelayMs(job), signal);
  }
}

/** A quarter of the time that is left, by the server's estimate, within bounds. */
export function pollDelayMs({ estimated_seconds }: Pick<Job, 'estimated_seconds'>): number {
  if (typeof estimated_seconds !== 'number') return 4 * shortestMs;
  return Math.min(longestMs, Math.max(shortestMs, (estimated_seconds * 1000) / 4));
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const leave = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, ms);
    signal?.addEventListener('abort', leave, { once: true });
  });
}
