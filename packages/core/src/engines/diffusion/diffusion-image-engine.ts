import type { EngineCall } from '../engine-call.ts';
import type { DrawingCall, ImageEngine, ImageRequest, Picture } from '../image-engine.ts';
import type { DiffusionModel } from './diffusion-model.ts';
import { planDrawing } from './drawing.ts';
import type { LoadedModels } from './loaded-models.ts';
import { loadOutput } from './output/load-output.ts';
import { provenanceOf } from './output/provenance.ts';

export interface DrawingParts {
  readonly loaded: LoadedModels;
  /** @throws GatewayError `not-found` where there is no such model, `invalid-request` where it makes something else. */
  readonly findModel: (name: string, makes: 'image' | 'video') => DiffusionModel;
  /** Whether prompt, model and seed are written into the files. */
  readonly metadata: boolean;
}

/** Draws with a model in this process. The model to use is the offer's, so that an alias works. */
export class DiffusionImageEngine implements ImageEngine {
  readonly #parts: DrawingParts;

  constructor(parts: DrawingParts) {
    this.#parts = parts;
  }

  admit(request: ImageRequest, { offer }: EngineCall): void {
    planDrawing(request, this.#parts.findModel(offer.model, 'image'));
  }

  async image(request: ImageRequest, { offer, signal, onProgress }: DrawingCall): Promise<Picture> {
    const { loaded, findModel, metadata } = this.#parts;
    const model = findModel(offer.model, 'image');
    const drawing = planDrawing(request, model);
    const call = { signal, ...(onProgress ? { onProgress } : {}) };
    const frames = await loaded.use(model, signal, (thread) => thread.draw(drawing, call));
    const { seed, width, height } = drawing;
    const provenance = metadata ? { provenance: provenanceOf(drawing, model) } : {};
    const { encodePng, checkPicture } = await loadOutput();
    const bytes = await encodePng(frames, { width, height, ...provenance });
    await checkPicture(bytes, { format: 'png', width, height, frames: 1 });
    return { bytes, contentType: 'image/png', seed, width, height };
  }
}
