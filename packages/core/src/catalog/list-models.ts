import type { Model, ModelLimits } from '@anura/openapi';
import type { ResourceOffer } from './resource-offer.ts';

/**
 * The model list: one entry for every name on offer, what its offers can do together. Sorted by name. `aliases` are listed
 * as models of their own, with what they stand for.
 */
export function listModels(offers: readonly ResourceOffer[], aliases: Readonly<Record<string, string>> = {}): Model[] {
  const byModel = new Map<string, ResourceOffer[]>();
  for (const offer of offers) byModel.set(offer.model, [...(byModel.get(offer.model) ?? []), offer]);
  const models = [...byModel].map(([id, same]) => describe(id, same));
  for (const [alias, target] of Object.entries(aliases)) {
    const model = models.find(({ id }) => id === target);
    if (model && !byModel.has(alias)) models.push({ ...model, id: alias });
  }
  return models.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function describe(id: string, offers: readonly ResourceOffer[]): Model {
  const lengths = offers.flatMap((offer) => offer.contextLength ?? []);
  const created = offers.flatMap((offer) => offer.details?.created ?? []);
  const [first] = offers;
  return {
    id,
    object: 'model',
    created: created.length > 0 ? Math.min(...created) : 0,
    owned_by: offers.find((offer) => offer.details?.ownedBy)?.details?.ownedBy ?? 'unknown',
    ...describedBy(offers),
    modality: first?.modality ?? 'chat',
    capabilities: [...new Set(offers.flatMap((offer) => offer.capabilities))],
    ...(lengths.length > 0 ? { context_length: Math.max(...lengths) } : {}),
    limits: limitsOf(offers),
    providers: new Set(offers.map((offer) => offer.provider)).size,
    state: warmest(offers),
    engines: [...new Set(offers.map((offer) => offer.engine))],
  };
}

function describedBy(offers: readonly ResourceOffer[]): Pick<Model, 'description' | 'voices'> {
  const description = offers.find((offer) => offer.details?.description)?.details?.description;
  const voices = offers.find((offer) => offer.details?.voices)?.details?.voices;
  return { ...(description ? { description } : {}), ...(voices ? { voices: [...voices] } : {}) };
}

function limitsOf(offers: readonly ResourceOffer[]): ModelLimits {
  const details = offers.find((offer) => offer.details)?.details;
  if (!details) return {};
  const { maxImagePixels, dimensions, maxInputCharacters } = details;
  return {
    ...(maxImagePixels ? { max_image_width: maxImagePixels.width, max_image_height: maxImagePixels.height } : {}),
    ...(dimensions ? { dimensions } : {}),
    ...(maxInputCharacters ? { max_prompt_characters: maxInputCharacters } : {}),
  };
}

function warmest(offers: readonly ResourceOffer[]): Model['state'] {
  const states = new Set(offers.map((offer) => offer.state));
  return states.has('loaded') ? 'loaded' : states.has('loading') ? 'loading' : 'cold';
}
