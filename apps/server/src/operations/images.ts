import { makeNow } from '../media/make-now.ts';
import type { MediaDesk } from '../media/media-desk.ts';
import { imageWork, openAIImageWorks } from '../media/media-work.ts';
import { readResult } from '../media/read-result.ts';
import { refusePictureLinks } from '../media/refuse-picture-links.ts';
import { sendResult } from '../media/send-result.ts';
import type { Handlers } from './operation.ts';

export interface ImageDependencies {
  readonly desk: MediaDesk;
  /** The longest a caller is kept waiting, milliseconds. */
  readonly requestTimeoutMs: number;
}

export function imageOperations({
  desk,
  requestTimeoutMs: timeoutMs,
}: ImageDependencies): Pick<Handlers, 'generateImage' | 'createImage'> {
  return {
    async generateImage(request, response, context) {
      const { body } = request;
      const options = { request, response, context, timeoutMs, webhookUrl: body.webhook_url };
      await sendResult(await makeNow(imageWork(body), desk, options), desk.media, request, response);
    },
    async createImage(request, response, context) {
      refusePictureLinks(request.body);
      const works = openAIImageWorks(request.body);
      const options = { request, response, context, timeoutMs };
      const records = await Promise.all(works.map((work, nth) => makeNow(work, desk, { ...options, nth })));
      const pictures = await Promise.all(records.map((record) => readResult(record, desk.media)));
      const created = Math.floor(Date.now() / 1000);
      response.json({ created, data: pictures.map((bytes) => ({ b64_json: bytes.toString('base64') })) });
    },
  };
}
