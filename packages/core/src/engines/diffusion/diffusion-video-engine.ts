import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { EngineCall } from '../engine-call.ts';
import type { Video, VideoEngine, VideoOperation, VideoRequest, VideoStatus } from '../video-engine.ts';
import type { DrawingParts } from './diffusion-image-engine.ts';
import { planDrawing } from './drawing.ts';
import { loadOutput } from './output/load-output.ts';
import { provenanceOf } from './output/provenance.ts';

/** How long a video nobody asks about goes on, or is kept: 15 minutes. Asked later, it is drawn again. */
const abandonedAfterMs = 15 * 60_000;

/**
 * Everything the video depends on, so that any process with the model can draw it again to the same bytes. There is nothing
 * to resume from: an operation this process does not know, because another began it, starts over.
 */
const operationShape = z.object({
  id: z.string(),
  model: z.string(),
  drawing: z.object({
    prompt: z.string(),
    negativePrompt: z.string(),
    seed: z.number(),
    steps: z.number(),
    guidance: z.number(),
    width: z.number(),
    height: z.number(),
  }),
});

type Operation = z.infer<typeof operationShape>;

interface Work {
  readonly stop: AbortController;
  progress: number;
  outcome: VideoStatus | undefined;
  abandoned: NodeJS.Timeout;
}

/** Animates with a model in this process. */
export class DiffusionVideoEngine implements VideoEngine {
  readonly #parts: DrawingParts;
  readonly #works = new Map<string, Work>();

  constructor(parts: DrawingParts) {
    this.#parts = parts;
  }

  admit(request: VideoRequest, { offer }: EngineCall): void {
    planDrawing(request, this.#parts.findModel(offer.model, 'video'));
  }

  async start(request: VideoRequest, { offer }: EngineCall): Promise<VideoOperation> {
    const model = this.#parts.findModel(offer.model, 'video');
    const operation = { id: randomUUID(), model: model.name, drawing: { ...planDrawing(request, model) } };
    this.#begin(operation);
    return operation;
  }

  async status(operation: VideoOperation): Promise<VideoStatus> {
    const known = read(operation);
    const work = this.#works.get(known.id) ?? this.#begin(known);
    if (!work.outcome) {
      work.abandoned.refresh();
      return { state: 'running', progress: work.progress };
    }
    this.#forget(known.id, work);
    return work.outcome;
  }

  async cancel(operation: VideoOperation): Promise<void> {
    const { id } = read(operation);
    const work = this.#works.get(id);
    if (work) this.#forget(id, work);
  }

  /** Stops all work. */
  close(): void {
    for (const [id, work] of this.#works) this.#forget(id, work);
  }

  #begin(operation: Operation): Work {
    const { id } = operation;
    const abandoned = setTimeout(() => this.#forget(id, work), abandonedAfterMs);
    abandoned.unref();
    const work: Work = { stop: new AbortController(), progress: 0, outcome: undefined, abandoned };
    this.#works.set(id, work);
    void this.#finish(operation, work);
    return work;
  }

  async #finish(operation: Operation, work: Work): Promise<void> {
    try {
      work.outcome = { state: 'succeeded', video: await this.#animate(operation, work) };
    } catch (error) {
      work.outcome = { state: 'failed', error: GatewayError.from(error) };
    }
  }

  async #animate({ drawing, model: name }: Operation, work: Work): Promise<Video> {
    const model = this.#parts.findModel(name, 'video');
    const onProgress = (progress: number) => {
      work.progress = progress;
    };
    const { signal } = work.stop;
    const frames = await this.#parts.loaded.use(model, signal, (thread) =>
      thread.draw(drawing, { signal, onProgress }),
    );
    const { width, height } = drawing;
    const provenance = this.#parts.metadata ? { provenance: provenanceOf(drawing, model) } : {};
    const { encodeWebp, checkPicture } = await loadOutput();
    const bytes = await encodeWebp(frames, model.framesPerSecond, { width, height, ...provenance });
    await checkPicture(bytes, { format: 'webp', width, height, frames: frames.count });
    return { bytes, contentType: 'image/webp', width, height };
  }

  #forget(id: string, work: Work): void {
    clearTimeout(work.abandoned);
    work.stop.abort();
    this.#works.delete(id);
  }
}

function read(operation: VideoOperation): Operation {
  const parsed = operationShape.safeParse(operation);
  if (parsed.success) return parsed.data;
  throw new GatewayError('internal', 'The saved state of this video cannot be read. Start it again.', {
    cause: parsed.error,
  });
}
