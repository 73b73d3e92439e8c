import { pollDelayMs } from '@anura/core';
import { isUnfinished, type JobRecord, type MediaJobs, type MediaKind } from '@anura/core/jobs';
import type { Request, Response } from 'express';
import type { OperationContext } from '../operations/operation.ts';
import { findJob } from './find-job.ts';
import { placeOf } from './job-place.ts';
import { sendResult } from './send-result.ts';

/** Answers with the bytes, or that the job still runs. A real 102 carries no body, so that is HTTP 200 with the 102 in it. */
export async function answerResult(
  kind: MediaKind,
  id: string,
  { media, request, response, context }: Asked,
): Promise<void> {
  const record = await findJob(media, id, context.caller.id, { kind, param: 'job_offer_id' });
  response.set('Job-Offer-Id', record.id);
  if (isUnfinished(record.state)) return answerPending(record, media, response);
  await sendResult(record, media, request, response);
}

async function answerPending(record: JobRecord, media: MediaJobs, response: Response): Promise<void> {
  const place = await placeOf(record, media);
  const estimated_seconds = place?.estimated_seconds;
  response.set('Retry-After', String(Math.ceil(pollDelayMs({ estimated_seconds }) / 1000)));
  response.json({
    status: 102,
    message: 'Request is still processing',
    data: {
      job_offer_id: record.id,
      job_state: record.state,
      ...(record.progress ? { progress: record.progress.part } : {}),
      ...(place ? { queue_position: place.queue_position } : {}),
      ...(estimated_seconds == null ? {} : { estimated_seconds }),
    },
  });
}

interface Asked {
  readonly media: MediaJobs;
  readonly request: Request;
  readonly response: Response;
  readonly context: OperationContext;
}
