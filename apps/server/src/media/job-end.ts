import { type ErrorCode, GatewayError } from '@anura/core';
import { errorOf, type JobRecord } from '@anura/core/jobs';
import type { JobState } from '@anura/openapi';

/** Why there is nothing to fetch from a job that is over; undefined where there is something. */
export function endError({ id: jobOfferId, state: jobState, failure }: JobRecord): GatewayError | undefined {
  if (failure) {
    const { code, message, data } = errorOf(failure);
    return new GatewayError(code, message, { ...data, jobOfferId, jobState });
  }
  const end = ends[jobState];
  if (!end) return undefined;
  const [code, openaiCode, message] = end;
  return new GatewayError(code, message, { openaiCode, jobOfferId, jobState });
}

type End = readonly [code: ErrorCode, openaiCode: string, message: string];

const ends: Partial<Record<JobState, End>> = {
  JobOfferCancelled: ['conflict', 'job_cancelled', 'The job was cancelled; there is no result.'],
  JobTimedOut: ['engine-timeout', 'job_timed_out', 'The job was not done in the time it had in all. Start it again.'],
  TimeoutMatch: ['no-capacity', 'no_provider', 'No provider took the job in time. Start it again when one is free.'],
  TimeoutExecution: [
    'engine-timeout',
    'provider_timeout',
    'The provider did not finish the job in time. Start it again.',
  ],
  TimeoutDownload: [
    'not-found',
    'result_expired',
    'The result was not fetched in time and is gone. Start the job again.',
  ],
};
