import type { DrawingCall, ImageEngine, ImageRequest, Picture } from '../../image-engine.ts';
import type { EngineParts } from '../engine-parts.ts';
import { askJson } from '../upstream/ask-json.ts';
import { mediaCall } from '../watched-call.ts';
import { checkPictureRequest, pictureRequest } from './picture-request.ts';

const maxAnswerBytes = 128 * 1024 * 1024;

/** Pictures from an upstream's `/images/generations`. Progress is told once, at the end: the API has no more. */
export class OpenAIImageEngine implements ImageEngine {
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  admit(request: ImageRequest): void {
    checkPictureRequest(request);
  }

  async image(request: ImageRequest, { offer, signal: callerSignal, onProgress }: DrawingCall): Promise<Picture> {
    const { upstream } = this.#parts;
    const asked = pictureRequest(request, this.#parts.target(offer.model).model);
    const json = { ...asked, n: 1, response_format: 'b64_json' };
    const picture = await mediaCall(this.#parts, callerSignal, async (signal) => {
      const question = { method: 'POST', path: '/images/generations', json, signal } as const;
      return this.#readPicture(await askJson(upstream, question, maxAnswerBytes), asked.seed);
    });
    this.#checkSize(picture, request);
    onProgress?.(1);
    return picture;
  }

  async #readPicture(answer: unknown, seed: number): Promise<Picture> {
    const bytes = readBase64(answer);
    if (!bytes) throw this.#parts.upstream.unreadable('sent no picture in its answer; a link to one is never followed');
    const { default: sharp } = await import('sharp');
    try {
      const { data, info } = await sharp(bytes).png().toBuffer({ resolveWithObject: true });
      const { format } = await sharp(bytes).metadata();
      // A PNG passes as it came, with whatever its maker noted in it; it was decoded to be sure.
      return {
        bytes: format === 'png' ? bytes : data,
        contentType: 'image/png',
        seed,
        width: info.width,
        height: info.height,
      };
    } catch {
      throw this.#parts.upstream.unreadable('sent a picture that cannot be read');
    }
  }

  #checkSize(picture: Picture, { width, height }: ImageRequest): void {
    if (width === undefined || (picture.width === width && picture.height === height)) return;
    throw this.#parts.upstream.unreadable(
      `drew ${picture.width}×${picture.height} pixels instead of ${width}×${height}`,
    );
  }
}

/** `data[0].b64_json`, or a `data:` URL from servers that call everything a URL. */
function readBase64(answer: unknown): Buffer | undefined {
  const { data } = (answer ?? {}) as { data?: unknown };
  const first = (Array.isArray(data) ? data[0] : undefined) as { b64_json?: unknown; url?: unknown } | undefined;
  const inUrl = /^data:image\/[a-z+]+;base64,(.+)$/s.exec(String(first?.url ?? ''))?.[1];
  const text = typeof first?.b64_json === 'string' ? first.b64_json : inUrl;
  return text ? Buffer.from(text, 'base64') : undefined;
}
