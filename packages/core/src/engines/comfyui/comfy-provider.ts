import { setTimeout as wait } from 'node:timers/promises';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { ImageEngine } from '../image-engine.ts';
import type { Provider } from '../provider.ts';
import type { VideoEngine } from '../video-engine.ts';
import { ComfyImageEngine } from './comfy-image-engine.ts';
import { ComfyVideoEngine } from './comfy-video-engine.ts';
import { OfferWatch } from './discovery/offer-watch.ts';
import type { ComfyEngineParts } from './engine-parts.ts';
import type { ComfyOptions } from './options.ts';
import { ComfyServer } from './server/comfy-server.ts';
import { readComfySettings } from './settings.ts';
import { loadTemplates } from './template/load-templates.ts';
import type { Template } from './template/template.ts';

const firstPictureMs = 1_000;

/** A provider over one ComfyUI server. */
export interface ComfyProvider extends Provider {
  readonly images: ImageEngine;
  readonly videos: VideoEngine;
  /** Asks the server now what it can run. Never throws: a server that does not answer offers nothing in the end. */
  refresh(): Promise<void>;
}

/**
 * Checks the workflows, connects, and waits for what can be offered, 1 s at most. A server that is away is no error: it has no
 * offers until it is back. Whoever makes the provider closes it; what then runs at ComfyUI goes on, and `videos.status` of a
 * later provider finds it.
 *
 * @throws GatewayError `invalid-request` for options that make no sense, and for a workflow that cannot be read, naming file and place
 */
export async function createComfyProvider(options: ComfyOptions): Promise<ComfyProvider> {
  const settings = readComfySettings(options);
  const templates = await loadTemplates(options.templates);
  const server = new ComfyServer(settings);
  const watch = new OfferWatch(settings, server, templates);
  await Promise.race([watch.refresh(), wait(firstPictureMs, undefined, { ref: false })]);
  const parts: ComfyEngineParts = {
    server,
    settings,
    findTemplate: (model, makes) => findTemplate(templates, model, makes),
    ran: (model) => watch.ran(model),
    failed(error) {
      if (GatewayError.is(error) && error.retry === 'elsewhere') watch.suspect();
    },
  };
  const videos = new ComfyVideoEngine(parts);
  return {
    name: settings.name,
    engine: 'comfyui',
    images: new ComfyImageEngine(parts),
    videos,
    offers: () => watch.offers,
    refresh: () => watch.refresh(),
    async close() {
      watch.close();
      videos.close();
      await server.close();
    },
  };
}

function findTemplate(templates: readonly Template[], model: string, makes: Template['modality']): Template {
  const template = templates.find(({ name }) => name === model);
  if (!template) {
    const more = { param: 'model', openaiCode: 'model_not_found', retry: 'elsewhere' } as const;
    throw new GatewayError('not-found', `The model "${model}" is not here any more.`, more);
  }
  if (template.modality === makes) return template;
  const message = `The model "${model}" makes ${template.modality}s only. Ask it for one.`;
  throw new GatewayError('invalid-request', message, { param: 'model' });
}
