import { appendFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { ResourceOffer } from '@anura/core/catalog';
import type { Provider } from '@anura/core/engines';
import sharp from 'sharp';

const drawingMs = 150;

/** Draws a dot for every job, two at a time, and notes in a file when it begins and when it is done. */
export function scriptedMediaProvider(journal: string): Provider {
  const offer: ResourceOffer = {
    id: 'scripted/dots',
    provider: 'scripted',
    engine: 'scripted',
    model: 'dots',
    modality: 'image',
    capabilities: [],
    slots: 2,
    state: 'loaded',
  };
  const offers = [offer];
  return {
    name: 'scripted',
    engine: 'scripted',
    offers: () => offers,
    close: async () => {},
    images: {
      admit() {},
      async image(_request, { signal, jobOfferId }) {
        appendFileSync(journal, `begun ${jobOfferId}\n`);
        await setTimeout(drawingMs, undefined, { signal });
        const bytes = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'green' } })
          .png()
          .toBuffer();
        appendFileSync(journal, `drawn ${jobOfferId}\n`);
        return { bytes, contentType: 'image/png', seed: 0, width: 1, height: 1 };
      },
    },
  };
}
