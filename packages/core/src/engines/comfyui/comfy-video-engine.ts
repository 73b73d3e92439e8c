import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { EngineCall } from '../engine-call.ts';
import type { VideoEngine, VideoOperation, VideoRequest, VideoStatus } from '../video-engine.ts';
import { planDrawing } from './drawing.ts';
import type { ComfyEngineParts } from './engine-parts.ts';
import { leftRunning, type Order, PromptRun } from './run/prompt-run.ts';
import { secondId } from './run/second-id.ts';

/** How long a video nobody asks about is followed, or kept: 15 minutes. Asked later, it is found again at ComfyUI. */
const abandonedAfterMs = 15 * 60_000;

/** The prompt's id, and all that is needed to submit it again where ComfyUI lost it. */
const orderShape = z.object({
  promptId: z.string(),
  clientId: z.string(),
  model: z.string(),
  drawing: z.object({
    prompt: z.string(),
    negative_prompt: z.string(),
    seed: z.number(),
    steps: z.number(),
    guidance: z.number(),
    width: z.number(),
    height: z.number(),
  }),
});

interface Work {
  readonly run: PromptRun;
  readonly stop: AbortController;
  outcome: VideoStatus | undefined;
  abandoned: NodeJS.Timeout;
}

/** Animations by a workflow. */
export class ComfyVideoEngine implements VideoEngine {
  readonly #parts: ComfyEngineParts;
  readonly #works = new Map<string, Work>();

  constructor(parts: ComfyEngineParts) {
    this.#parts = parts;
  }

  admit(request: VideoRequest, { offer }: EngineCall): void {
    planDrawing(request, this.#parts.findTemplate(offer.model, 'video'));
  }

  async start(request: VideoRequest, { offer, signal }: EngineCall): Promise<VideoOperation> {
    const template = this.#parts.findTemplate(offer.model, 'video');
    const drawing = planDrawing(request, template);
    if (signal.aborted) throw new GatewayError('cancelled', 'The caller left before the work began.');
    const wanted = { promptId: randomUUID(), clientId: randomUUID(), model: template.name, drawing };
    const run = new PromptRun(this.#parts, wanted, template);
    try {
      const order = await run.submit(signal);
      this.#follow(order, run);
      return { ...order, drawing: { ...order.drawing } };
    } catch (error) {
      this.#parts.failed(error);
      throw error;
    }
  }

  async status(operation: VideoOperation): Promise<VideoStatus> {
    const order = read(operation);
    const known = this.#works.get(order.promptId);
    if (known?.outcome) {
      this.#forget(order.promptId, known);
      return known.outcome;
    }
    try {
      const work = known ?? this.#resume(order);
      work.abandoned.refresh();
      return { state: 'running', progress: work.run.progress };
    } catch (error) {
      return { state: 'failed', error: GatewayError.from(error) };
    }
  }

  async cancel(operation: VideoOperation): Promise<void> {
    const { promptId } = read(operation);
    const work = this.#works.get(promptId);
    if (work) this.#forget(promptId, work);
    await this.#parts.server.cancel([promptId, secondId(promptId)]);
  }

  /** Follows no more; what runs at ComfyUI goes on for a later process to fetch. */
  close(): void {
    for (const [id, work] of this.#works) this.#forget(id, work);
  }

  /** Takes up the work of an earlier process. */
  #resume(order: Order): Work {
    const template = this.#parts.findTemplate(order.model, 'video');
    return this.#follow(order, new PromptRun(this.#parts, order, template));
  }

  #follow({ promptId, model, drawing }: Order, run: PromptRun): Work {
    const abandoned = setTimeout(() => this.#forget(promptId, work), abandonedAfterMs);
    abandoned.unref();
    const work: Work = { run, stop: new AbortController(), outcome: undefined, abandoned };
    this.#works.set(promptId, work);
    void this.#finish(work, model, drawing);
    return work;
  }

  async #finish(work: Work, model: string, { width, height }: Order['drawing']): Promise<void> {
    try {
      const bytes = await work.run.finish(work.stop.signal);
      this.#parts.ran(model);
      work.outcome = { state: 'succeeded', video: { bytes, contentType: 'image/webp', width, height } };
    } catch (error) {
      if (work.stop.signal.aborted) return;
      this.#parts.failed(error);
      work.outcome = { state: 'failed', error: GatewayError.from(error) };
    }
  }

  #forget(promptId: string, work: Work): void {
    clearTimeout(work.abandoned);
    work.stop.abort(leftRunning);
    this.#works.delete(promptId);
  }
}

function read(operation: VideoOperation): Order {
  const parsed = orderShape.safeParse(operation);
  if (parsed.success) return parsed.data;
  throw new GatewayError('internal', 'The saved state of this video cannot be read. Start it again.', {
    cause: parsed.error,
  });
}
