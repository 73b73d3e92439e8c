import { answerCreated } from '../media/answer-created.ts';
import { answerResult } from '../media/answer-result.ts';
import { checkSpeechFormat, encodeSpeech } from '../media/encode-speech.ts';
import { makeNow } from '../media/make-now.ts';
import type { MediaDesk } from '../media/media-desk.ts';
import { speechWork } from '../media/media-work.ts';
import { readResult } from '../media/read-result.ts';
import type { Handlers } from './operation.ts';

export interface AudioDependencies {
  readonly desk: MediaDesk;
  /** The longest a caller is kept waiting, milliseconds. */
  readonly requestTimeoutMs: number;
}

type AudioOperations = Pick<Handlers, 'createAudioJob' | 'getAudioResult' | 'createSpeech'>;

export function audioOperations({ desk, requestTimeoutMs: timeoutMs }: AudioDependencies): AudioOperations {
  const { media } = desk;
  return {
    async createAudioJob(request, response, context) {
      const { body } = request;
      const message = 'Audio job created successfully';
      const webhookUrl = body.webhook_url;
      await answerCreated(speechWork(body), desk, { request, response, context, message, webhookUrl });
    },
    getAudioResult: (request, response, context) =>
      answerResult('speech', request.params.job_offer_id, { media, request, response, context }),
    async createSpeech(request, response, context) {
      const format = request.body.response_format ?? 'wav';
      await checkSpeechFormat(format); // before the work, which would be for nothing
      const record = await makeNow(speechWork(request.body), desk, { request, response, context, timeoutMs });
      const { bytes, contentType } = await encodeSpeech(await readResult(record, media), format, context.signal);
      response.type(contentType).send(Buffer.from(bytes));
    },
  };
}
