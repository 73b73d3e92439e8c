import type { MediaRequest } from '@anura/core/jobs';
import type { JobCreated } from '@anura/openapi';
import type { Response } from 'express';
import { preferredWaitMs } from '../http/prefer.ts';
import { envelope } from '../operations/envelope.ts';
import { type MediaDesk, type Ordering, order } from './media-desk.ts';

export interface CreatedOptions extends Ordering {
  readonly response: Response<JobCreated>;
  readonly message: string;
}

/** Makes the job and answers with its id: at once, or when it is over where `Prefer` asks to wait for that. */
export async function answerCreated(work: MediaRequest, desk: MediaDesk, options: CreatedOptions): Promise<void> {
  const { request, response, context, message } = options;
  const { record, repeated } = await order(work, desk, options);
  response.set('Job-Offer-Id', record.id);
  if (repeated) response.set('Idempotent-Replayed', 'true');
  const waitMs = preferredWaitMs(request.get('prefer'));
  if (waitMs === undefined) return void response.json(envelope(message, { job_offer_id: record.id }));
  const { state } = await desk.media.wait(record.id, record.keyId, waitMs, context.signal);
  response.set('Preference-Applied', `wait=${Math.round(waitMs / 1000)}`);
  response.json(envelope(message, { job_offer_id: record.id, job_state: state }));
}
