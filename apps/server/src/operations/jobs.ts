import { GatewayError } from '@anura/core';
import { describeJob, isMediaKind, isUnfinished, type JobRecord, readCursor } from '@anura/core/jobs';
import type { Job } from '@anura/openapi';
import { errorAnswer } from '../http/error-answers.ts';
import { findJob } from '../media/find-job.ts';
import { placeOf } from '../media/job-place.ts';
import type { MediaDesk } from '../media/media-desk.ts';
import { sendResult } from '../media/send-result.ts';
import { streamJob } from '../media/stream-job.ts';
import { envelope } from './envelope.ts';
import type { Handlers } from './operation.ts';

type JobOperations = Pick<Handlers, 'getJob' | 'listJobs' | 'cancelJob' | 'streamJobEvents' | 'getJobResult'>;

const usualPage = 20;

export function jobOperations({ desk }: { desk: MediaDesk }): JobOperations {
  const { media, log } = desk;
  const show = async (record: JobRecord): Promise<Job> => ({
    ...describeJob(record, (error) => errorAnswer(error).body.error),
    ...(record.result ? { progress: 1 } : {}),
    ...(await placeOf(record, media)),
  });
  return {
    async getJob({ params }, response, { caller }) {
      const record = await findJob(media, params.id, caller.id);
      response.set('Job-Offer-Id', record.id);
      response.json(envelope('Retrieved job successfully', await show(record)));
    },
    async listJobs({ query }, response, { caller }) {
      const { kind, state, cursor, limit = usualPage } = query;
      const filter = {
        keyId: caller.id,
        ...(kind === undefined ? {} : { kind }),
        ...(state === undefined ? {} : { state }),
        ...(cursor === undefined ? {} : { before: readCursor(cursor) }),
      };
      const { jobs, nextCursor } = await log.list(filter, limit);
      const shown = await Promise.all(jobs.map(show));
      response.json(envelope('Retrieved jobs successfully', { jobs: shown, next_cursor: nextCursor ?? null }));
    },
    async cancelJob({ params }, response, { caller }) {
      const record = await findJob(media, params.id, caller.id);
      response.set('Job-Offer-Id', record.id);
      if (!isMediaKind(record.kind) && isUnfinished(record.state)) throw notCancellable(record);
      const ended = isUnfinished(record.state) ? await media.cancel(record.id, caller.id) : record;
      const isCancelled = ended.state === 'JobOfferCancelled';
      const message = isCancelled ? 'Cancelled job successfully' : 'The job was over already';
      response.json(envelope(message, await show(ended)));
    },
    async streamJobEvents(request, response, { caller, signal }) {
      const record = await findJob(media, request.params.id, caller.id);
      response.set('Job-Offer-Id', record.id);
      const afterSequence = Number(/^\d{1,15}$/.exec(request.get('last-event-id') ?? '')?.[0] ?? 0);
      await streamJob(record, { media, response, signal, afterSequence, show });
    },
    async getJobResult(request, response, { caller }) {
      const record = await findJob(media, request.params.id, caller.id);
      response.set('Job-Offer-Id', record.id);
      if (isUnfinished(record.state)) throw notReady(record);
      await sendResult(record, media, request, response);
    },
  };
}

const notCancellable = ({ id: jobOfferId, state: jobState }: JobRecord): GatewayError =>
  new GatewayError('conflict', 'This job is answered as it is made: it stops when its caller hangs up.', {
    openaiCode: 'not_cancellable',
    jobOfferId,
    jobState,
  });

const notReady = ({ id: jobOfferId, state: jobState }: JobRecord): GatewayError =>
  new GatewayError('conflict', 'The result is not there yet. GET /jobs/{id} says how far it is.', {
    openaiCode: 'result_not_ready',
    jobOfferId,
    jobState,
  });
