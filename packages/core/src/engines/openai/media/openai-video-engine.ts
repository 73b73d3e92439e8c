import { GatewayError } from '../../../errors/gateway-error.ts';
import type { EngineCall } from '../../engine-call.ts';
import type { Video, VideoEngine, VideoOperation, VideoRequest, VideoStatus } from '../../video-engine.ts';
import type { EngineParts } from '../engine-parts.ts';
import { askJson } from '../upstream/ask-json.ts';
import { readErrorBody } from '../upstream/error-body.ts';
import { readBytes } from '../upstream/read-body.ts';
import { mediaCall } from '../watched-call.ts';
import { checkPictureRequest, pictureRequest } from './picture-request.ts';

const maxStatusBytes = 1024 * 1024;
const maxVideoBytes = 512 * 1024 * 1024;
const cancelPatienceMs = 5_000;

/** What an upstream says about a video. */
interface UpstreamVideo {
  readonly status: string;
  readonly progress: number | undefined;
  readonly size: { readonly width: number; readonly height: number } | undefined;
  readonly error: string | undefined;
}

/**
 * Videos from an upstream's `/videos`. The operation is the upstream's own id, so that any process can go on asking. What
 * comes back is what the upstream makes, animated WebP or MP4: `contentType` says which.
 */
export class OpenAIVideoEngine implements VideoEngine {
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  admit(request: VideoRequest): void {
    checkPictureRequest(request);
  }

  async start(request: VideoRequest, { offer, signal: callerSignal }: EngineCall): Promise<VideoOperation> {
    const { upstream } = this.#parts;
    const json = pictureRequest(request, this.#parts.target(offer.model).model);
    return mediaCall(this.#parts, callerSignal, async (signal) => {
      const answer = await askJson(upstream, { method: 'POST', path: '/videos', json, signal }, maxStatusBytes);
      const { id } = (answer ?? {}) as { id?: unknown };
      if (typeof id !== 'string' || id === '') throw upstream.unreadable('began a video without giving it an id');
      return { id };
    });
  }

  async status(operation: VideoOperation, { signal: callerSignal }: EngineCall): Promise<VideoStatus> {
    const id = readId(operation);
    const ask = async (signal: AbortSignal) => this.#status(id, signal);
    try {
      return await mediaCall(this.#parts, callerSignal, ask);
    } catch (error) {
      if (!GatewayError.is(error) || error.data.upstreamStatus !== 404) throw error;
      return { state: 'failed', error: this.#parts.upstream.unreadable('does not know this video any more') };
    }
  }

  async cancel(operation: VideoOperation): Promise<void> {
    const path = `/videos/${encodeURIComponent(readId(operation))}`;
    const signal = AbortSignal.timeout(cancelPatienceMs);
    // Over, unknown, or an upstream that cannot cancel: nothing is left to do here either way.
    await askJson(this.#parts.upstream, { method: 'DELETE', path, signal }, maxStatusBytes).catch(() => undefined);
  }

  async #status(id: string, signal: AbortSignal): Promise<VideoStatus> {
    const { upstream } = this.#parts;
    const path = `/videos/${encodeURIComponent(id)}`;
    const video = readUpstreamVideo(await askJson(upstream, { method: 'GET', path, signal }, maxStatusBytes));
    if (video.status === 'failed' || video.status === 'cancelled') {
      const why = video.error === undefined ? 'without saying why' : `because: ${upstream.redact(video.error)}`;
      return { state: 'failed', error: upstream.unreadable(`could not make the video, ${why}`) };
    }
    if (video.status !== 'completed' && video.status !== 'succeeded') {
      return { state: 'running', ...(video.progress !== undefined && { progress: video.progress }) };
    }
    return { state: 'succeeded', video: await this.#fetch(`${path}/content`, video, signal) };
  }

  async #fetch(path: string, { size }: UpstreamVideo, signal: AbortSignal): Promise<Video> {
    const { upstream } = this.#parts;
    const { body, contentType } = await upstream.send({ method: 'GET', path, signal });
    const bytes = await readBytes(body, maxVideoBytes);
    const type = contentType.replace(/;.*$/, '').trim().toLowerCase();
    if (type === 'image/webp') return { bytes, contentType: type, ...(await this.#measure(bytes)) };
    if (!/^video\//.test(type) || bytes.length === 0) throw upstream.unreadable('sent a video that is none');
    return { bytes, contentType: type, width: size?.width ?? 0, height: size?.height ?? 0 };
  }

  async #measure(bytes: Buffer): Promise<{ width: number; height: number }> {
    const { default: sharp } = await import('sharp');
    try {
      const { width, height } = await sharp(bytes).metadata();
      return { width, height };
    } catch {
      throw this.#parts.upstream.unreadable('sent a video that cannot be read');
    }
  }
}

function readId({ id }: VideoOperation): string {
  if (typeof id === 'string') return id;
  throw new GatewayError('internal', 'The saved state of this video cannot be read. Start it again.');
}

function readUpstreamVideo(answer: unknown): UpstreamVideo {
  const { status, progress, size } = (answer ?? {}) as { status?: unknown; progress?: unknown; size?: unknown };
  const sides = /^(\d+)x(\d+)$/.exec(String(size ?? ''));
  return {
    status: String(status),
    progress: typeof progress === 'number' ? Math.min(1, Math.max(0, progress / 100)) : undefined,
    size: sides ? { width: Number(sides[1]), height: Number(sides[2]) } : undefined,
    error: readErrorBody(answer)?.message,
  };
}
