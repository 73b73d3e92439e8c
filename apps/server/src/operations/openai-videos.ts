import { GatewayError } from '@anura/core';
import { isUnfinished, type JobRecord } from '@anura/core/jobs';
import { findJob } from '../media/find-job.ts';
import { endError } from '../media/job-end.ts';
import { type MediaDesk, order } from '../media/media-desk.ts';
import { openAIVideoWork } from '../media/media-work.ts';
import { openAIVideo } from '../media/openai-video.ts';
import { sendResult } from '../media/send-result.ts';
import type { Handlers } from './operation.ts';

type VideoOperations = Pick<
  Handlers,
  'createVideo' | 'listVideos' | 'retrieveVideo' | 'deleteVideo' | 'downloadVideoContent'
>;

/** OpenAI's view of the video jobs. */
export function openAIVideoOperations({ desk }: { desk: MediaDesk }): VideoOperations {
  const { media, log, artifacts } = desk;
  const show = async (record: JobRecord) => openAIVideo(record, await media.input(record.id, record.keyId));
  const find = (id: string, keyId: string) => findJob(media, id, keyId, { kind: 'video', param: 'video_id' });
  return {
    async createVideo(request, response, context) {
      const { record, repeated } = await order(openAIVideoWork(request.body), desk, { request, context });
      if (repeated) response.set('Idempotent-Replayed', 'true');
      response.set('Job-Offer-Id', record.id);
      response.json(await show(record));
    },
    async listVideos({ query }, response, { caller }) {
      const after = query.after === undefined ? undefined : await find(query.after, caller.id);
      const filter = { keyId: caller.id, kind: 'video' as const, ...(after ? { before: after } : {}) };
      const { jobs, nextCursor } = await log.list(filter, query.limit ?? 20);
      const data = await Promise.all(jobs.map(show));
      const [first_id, last_id] = [data[0]?.id ?? null, data.at(-1)?.id ?? null];
      response.json({ object: 'list', data, has_more: nextCursor !== undefined, first_id, last_id });
    },
    async retrieveVideo({ params }, response, { caller }) {
      response.json(await show(await find(params.video_id, caller.id)));
    },
    async deleteVideo({ params }, response, { caller }) {
      const record = await find(params.video_id, caller.id);
      const { artifactId } = await media.cancel(record.id, record.keyId);
      if (artifactId !== null) await artifacts.remove(artifactId);
      response.json({ id: record.id, object: 'video.deleted', deleted: true });
    },
    async downloadVideoContent(request, response, { caller }) {
      const record = await find(request.params.video_id, caller.id);
      response.set('Job-Offer-Id', record.id);
      if (isUnfinished(record.state)) throw notReady(record);
      const problem = endError(record);
      if (problem) throw problem;
      await sendResult(record, media, request, response);
    },
  };
}

const notReady = ({ id: jobOfferId, state: jobState }: JobRecord): GatewayError =>
  new GatewayError('conflict', 'The video is not there yet. GET /videos/{video_id} says how far it is.', {
    openaiCode: 'video_not_ready',
    jobOfferId,
    jobState,
  });
