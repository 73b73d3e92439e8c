import { answerCreated } from '../media/answer-created.ts';
import { answerResult } from '../media/answer-result.ts';
import type { MediaDesk } from '../media/media-desk.ts';
import { videoWork } from '../media/media-work.ts';
import type { Handlers } from './operation.ts';

export function videoOperations({ desk }: { desk: MediaDesk }): Pick<Handlers, 'createVideoJob' | 'getVideoResult'> {
  const { media } = desk;
  return {
    async createVideoJob(request, response, context) {
      const { body } = request;
      const message = 'Video job created successfully';
      const webhookUrl = body.webhook_url;
      await answerCreated(videoWork(body), desk, { request, response, context, message, webhookUrl });
    },
    getVideoResult: (request, response, context) =>
      answerResult('video', request.params.job_offer_id, { media, request, response, context }),
  };
}
