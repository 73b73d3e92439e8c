import type { ResourceOffer } from '../../../catalog/resource-offer.ts';
import { promptCharacters } from '../drawing.ts';
import type { ComfySettings } from '../settings.ts';
import type { Template } from '../template/template.ts';

/** A template as an offer. ComfyUI keeps the last model it ran in memory, so that one is `loaded`. */
export function makeOffer(
  { name: provider, price }: ComfySettings,
  template: Template,
  lastRun: string | undefined,
): ResourceOffer {
  const { name: model, modality, limits, defaults, uses } = template;
  const largest = uses.has('width')
    ? { width: limits.largestSide, height: limits.largestSide }
    : { width: defaults.width, height: defaults.height };
  return {
    id: `${provider}/${model}`,
    provider,
    engine: 'comfyui',
    model,
    modality,
    capabilities: [],
    // ComfyUI runs one prompt at a time, whatever its queue takes.
    slots: 1,
    state: lastRun === model ? 'loaded' : 'cold',
    ...(price !== undefined && { price }),
    details: {
      description: describe(template),
      maxInputCharacters: promptCharacters,
      maxImagePixels: largest,
    },
  };
}

function describe({ description, modality, defaults, limits, uses }: Template): string {
  const what = description ?? (modality === 'video' ? 'Animated WebP by a workflow.' : 'Pictures by a workflow.');
  const size = `${defaults.width} × ${defaults.height} pixels`;
  const steps = uses.has('steps') ? `, ${defaults.steps} steps by default and ${limits.mostSteps} at most` : '';
  return `${what} ${size}${uses.has('width') ? ' by default' : ''}${steps}.`;
}
