import { GatewayError } from '@anura/core';
import { isUnfinished, type JobRecord, type MediaRequest } from '@anura/core/jobs';
import type { Response } from 'express';
import { endError } from './job-end.ts';
import { type MediaDesk, type Ordering, order } from './media-desk.ts';

export interface MakeNowOptions extends Ordering {
  readonly response: Pick<Response, 'setHeader'>;
  /** The longest the caller is kept waiting, milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Has something made while the caller waits; the answer names the job as soon as there is one. A caller who leaves cancels
 * the job, unless an idempotency key says that somebody will ask again.
 *
 * @throws GatewayError why it was not made; `engine-timeout` where it is not done yet, in which case it goes on.
 */
export async function makeNow(work: MediaRequest, desk: MediaDesk, options: MakeNowOptions): Promise<JobRecord> {
  const { response, context, timeoutMs, nth = 0 } = options;
  const { record: accepted, repeated } = await order(work, desk, options);
  if (nth === 0) response.setHeader('Job-Offer-Id', accepted.id);
  if (nth === 0 && repeated) response.setHeader('Idempotent-Replayed', 'true');
  const record = await desk.media.wait(accepted.id, accepted.keyId, timeoutMs, context.signal);
  if (isUnfinished(record.state)) throw await notDone(record, desk, options);
  const problem = endError(record);
  if (problem) throw problem;
  return record;
}

async function notDone(record: JobRecord, { media }: MediaDesk, options: MakeNowOptions): Promise<GatewayError> {
  const { id: jobOfferId, keyId, state: jobState } = record;
  const { request, context, timeoutMs } = options;
  if (!context.signal.aborted) {
    const message = `It is not done within ${Math.round(timeoutMs / 1000)} s and goes on; fetch it from GET /jobs/${jobOfferId}/result.`;
    return new GatewayError('engine-timeout', message, { jobOfferId, jobState });
  }
  if (request.get('idempotency-key') === undefined) await media.cancel(jobOfferId, keyId);
  return new GatewayError('cancelled', 'The caller left before it was made.');
}
