import type { Anura, Job } from '@anura/client';
import type { Context } from './context.ts';
import { Failure } from './failure.ts';
import { formatSeconds } from './terminal/amounts.ts';
import { progressBar } from './terminal/progress-bar.ts';
import { progressLine } from './terminal/progress-line.ts';

/** The job is over, and there is nothing to fetch. */
export class NoResult extends Failure {}

/** Shows on standard error how far a job is until it is over. Throws `NoResult` when it has none then. */
export async function watchToEnd(
  id: string,
  anura: Anura,
  options: { json?: boolean },
  context: Context,
): Promise<Job> {
  const line = progressLine(context, options);
  const withBar = context.stderr.isTTY === true;
  try {
    const onProgress = (job: Job) => line.show(standingText(job, withBar), job.job_state);
    const job = await anura.waitForJob(id, { signal: context.signal, onProgress });
    if (!job.result) throw new NoResult(`Job ${id} has no result: ${job.error?.message ?? job.job_state}`);
    return job;
  } finally {
    line.clear();
  }
}

/** `DealAgreed  42 %  8 s left`, or with `████████░░░░░░░░░░░░ 42 %` in it. */
export function standingText({ job_state, progress, queue_position, estimated_seconds }: Job, withBar = false): string {
  const parts: string[] = [job_state];
  if (job_state === 'DealNegotiating' && queue_position) parts.push(`${queue_position} before it`);
  if (typeof progress === 'number') parts.push(withBar ? progressBar(progress) : `${Math.round(progress * 100)} %`);
  if (typeof estimated_seconds === 'number') parts.push(`${formatSeconds(estimated_seconds)} left`);
  return parts.join('  ');
}
