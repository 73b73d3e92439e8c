import { availableParallelism } from 'node:os';
import type { ResourceOffer } from '../../catalog/resource-offer.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { ImageEngine } from '../image-engine.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import type { Provider } from '../provider.ts';
import type { VideoEngine } from '../video-engine.ts';
import { DiffusionImageEngine } from './diffusion-image-engine.ts';
import type { DiffusionModel } from './diffusion-model.ts';
import { DiffusionVideoEngine } from './diffusion-video-engine.ts';
import { findModels, type SkippedFolder } from './find-models.ts';
import { LoadedModels, memoryBytes } from './loaded-models.ts';

export interface DiffusionOptions {
  /** Default `diffusion`. */
  readonly name?: string;
  /** Folders that are models in diffusers' ONNX layout, or hold such. */
  readonly folders: readonly string[];
  /** Shared with the other engines of the process. */
  readonly memory: MemoryBudget;
  /** Threads for one drawing. Default: one core less than there are, so that chat has one. */
  readonly threads?: number;
  /** onnxruntime's names, first choice first. Default `['cpu']`. */
  readonly executionProviders?: readonly string[];
  /** Whether prompt, model and seed are written into the files. Default true. */
  readonly metadata?: boolean;
  /** Called for each folder that looks like a model and is not offered. */
  readonly onSkipped?: (skipped: SkippedFolder) => void;
}

export interface DiffusionProvider extends Provider {
  readonly images: ImageEngine;
  readonly videos: VideoEngine;
  /** Looks for models again, after one was fetched or removed. */
  refresh(): Promise<void>;
}

/** Below this no model draws anything worth showing. */
const tinyBytes = 50e6;

/** Finds the models and offers them; nothing is loaded before its first use. The one who makes it closes it. */
export async function createDiffusionProvider(options: DiffusionOptions): Promise<DiffusionProvider> {
  const { name = 'diffusion', metadata = true, threads = Math.max(1, availableParallelism() - 1) } = options;
  let models: readonly DiffusionModel[] = [];
  let offers: readonly ResourceOffer[] = [];

  const onnx = { threads, executionProviders: options.executionProviders ?? ['cpu'] };
  const loaded = new LoadedModels(options.memory, onnx, renew);
  const findModel = (wanted: string, makes: 'image' | 'video') => {
    const model = models.find((candidate) => candidate.name === wanted);
    if (!model) throw gone(wanted);
    if (modalityOf(model) !== makes) throw makesAnother(wanted, modalityOf(model));
    return model;
  };
  const videos = new DiffusionVideoEngine({ loaded, findModel, metadata });

  function renew(): void {
    offers = models.map((model) => offerOf(name, model, loaded.state(model.name)));
  }

  async function refresh(): Promise<void> {
    const found = await findModels(options.folders);
    for (const skipped of found.skipped) options.onSkipped?.(skipped);
    models = found.models;
    renew();
  }

  await refresh();
  return {
    name,
    engine: 'diffusion',
    images: new DiffusionImageEngine({ loaded, findModel, metadata }),
    videos,
    offers: () => offers,
    refresh,
    async close() {
      videos.close();
      await loaded.close();
    },
  };
}

function offerOf(provider: string, model: DiffusionModel, state: ResourceOffer['state']): ResourceOffer {
  const { largestSide, promptCharacters } = model.limits;
  return {
    id: `${provider}/${model.name}`,
    provider,
    engine: 'diffusion',
    model: model.name,
    modality: modalityOf(model),
    capabilities: [],
    slots: 1,
    state,
    sizeBytes: memoryBytes(model),
    details: {
      description: describe(model),
      created: model.createdSeconds,
      maxInputCharacters: promptCharacters,
      maxImagePixels: { width: largestSide, height: largestSide },
    },
  };
}

function modalityOf(model: DiffusionModel): 'image' | 'video' {
  return model.frames > 1 ? 'video' : 'image';
}

function gone(model: string): GatewayError {
  return new GatewayError('not-found', `The model "${model}" is not here any more.`, {
    param: 'model',
    openaiCode: 'model_not_found',
    retry: 'elsewhere',
  });
}

function makesAnother(model: string, makes: string): GatewayError {
  return new GatewayError('invalid-request', `The model "${model}" makes ${makes}s only. Ask it for one.`, {
    param: 'model',
  });
}

function describe(model: DiffusionModel): string {
  const { width, height, frames, framesPerSecond, weightsBytes, limits } = model;
  const size = `${width} × ${height} pixels`;
  const what =
    frames > 1 ? `looping animations of ${frames} frames, ${framesPerSecond} a second, ${size}` : `pictures of ${size}`;
  const drawing = `Draws ${what}, ${model.defaultSteps} steps by default and ${limits.mostSteps} at most.`;
  return weightsBytes < tinyBytes
    ? `Tiny model for offline use and tests: it knows very few things. ${drawing}`
    : drawing;
}
