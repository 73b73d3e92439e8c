import { makeWebp } from '../media/picture.ts';
import type { FakeModel } from '../models.ts';
import { hashText } from '../random.ts';
import { bytesReply, jsonReply, Refusal, type Reply } from '../reply.ts';
import { readInteger, readSize, requireModality, requireText } from './media.ts';

interface Video {
  readonly id: string;
  readonly model: string;
  readonly prompt: string;
  readonly seed: number;
  readonly size: { width: number; height: number };
  readonly createdMs: number;
}

/** OpenAI's `/v1/videos`: create, ask, fetch, delete. Rendering takes `renderMs`. */
export class Videos {
  readonly #videos = new Map<string, Video>();
  readonly #renderMs: number;

  constructor(renderMs: number) {
    this.#renderMs = renderMs;
  }

  /** `POST /v1/videos` */
  create(request: Record<string, unknown>, model: FakeModel): Reply {
    requireModality(model, 'video');
    const prompt = requireText(request, 'prompt');
    const seed = readInteger(request, 'seed', 0);
    const size = readSize(request['size'], { width: 128, height: 128 });
    const id = `video_${hashText(prompt, seed).toString(16)}${this.#videos.size}`;
    const video = { id, model: model.name, prompt, seed, size, createdMs: Date.now() };
    this.#videos.set(id, video);
    return jsonReply(this.#describe(video));
  }

  /** `GET /v1/videos/{id}` */
  show(id: string): Reply {
    return jsonReply(this.#describe(this.#find(id)));
  }

  /** `GET /v1/videos/{id}/content` */
  async content(id: string): Promise<Reply> {
    const { prompt, seed, size, createdMs } = this.#find(id);
    if (this.#progress(createdMs) < 1) throw new Refusal(404, 'The video is not ready yet');
    return bytesReply('image/webp', await makeWebp(prompt, seed, size));
  }

  /** `DELETE /v1/videos/{id}` */
  remove(id: string): Reply {
    this.#videos.delete(this.#find(id).id);
    return jsonReply({ id, object: 'video.deleted', deleted: true });
  }

  #find(id: string): Video {
    const video = this.#videos.get(id);
    if (!video) throw new Refusal(404, `There is no video ${id}`);
    return video;
  }

  #progress(createdMs: number): number {
    return this.#renderMs <= 0 ? 1 : Math.min(1, (Date.now() - createdMs) / this.#renderMs);
  }

  #describe({ id, model, prompt, size, createdMs }: Video) {
    const progress = this.#progress(createdMs);
    const status = progress >= 1 ? 'completed' : progress > 0.1 ? 'in_progress' : 'queued';
    return {
      id,
      object: 'video',
      model,
      prompt,
      status,
      progress: Math.floor(progress * 100),
      created_at: Math.floor(createdMs / 1000),
      size: `${size.width}x${size.height}`,
      error: null,
    };
  }
}
