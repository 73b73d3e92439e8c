import { randomUUID } from 'node:crypto';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { EngineCall } from '../engine-call.ts';
import type { DrawingCall, ImageEngine, ImageRequest, Picture } from '../image-engine.ts';
import { planDrawing } from './drawing.ts';
import type { ComfyEngineParts } from './engine-parts.ts';
import { PromptRun } from './run/prompt-run.ts';

/** Pictures by a workflow. The model to use is the offer's, so that an alias works. */
export class ComfyImageEngine implements ImageEngine {
  readonly #parts: ComfyEngineParts;

  constructor(parts: ComfyEngineParts) {
    this.#parts = parts;
  }

  admit(request: ImageRequest, { offer }: EngineCall): void {
    planDrawing(request, this.#parts.findTemplate(offer.model, 'image'));
  }

  async image(request: ImageRequest, { offer, signal, onProgress }: DrawingCall): Promise<Picture> {
    const template = this.#parts.findTemplate(offer.model, 'image');
    const drawing = planDrawing(request, template);
    if (signal.aborted) throw new GatewayError('cancelled', 'The caller left before the work began.');
    const order = { promptId: randomUUID(), clientId: randomUUID(), model: template.name, drawing };
    const run = new PromptRun(this.#parts, order, template);
    try {
      await run.submit(signal);
      const bytes = await run.finish(signal, onProgress);
      this.#parts.ran(template.name);
      onProgress?.(1);
      const { seed, width, height } = drawing;
      return { bytes, contentType: 'image/png', seed, width, height };
    } catch (error) {
      this.#parts.failed(error);
      throw error;
    }
  }
}
