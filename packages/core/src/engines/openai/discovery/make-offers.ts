import type { ResourceOffer } from '../../../catalog/resource-offer.ts';
import type { ConfiguredModel } from '../options.ts';
import type { OpenAISettings } from '../settings.ts';
import type { DiscoveredModel } from './discovered-model.ts';

export interface OfferedModels {
  readonly offers: readonly ResourceOffer[];
  /** Upstream name by public name. */
  readonly upstreamNames: ReadonlyMap<string, string>;
  /** Public names that are configured but not to be had. */
  readonly missing: readonly string[];
}

/** What an upstream's models mean under the operator's configuration. */
export function makeOffers(
  settings: OpenAISettings,
  kind: 'openai' | 'ollama',
  found: readonly DiscoveredModel[],
): OfferedModels {
  const wanted = settings.models
    ? [...settings.models]
    : found.map(({ name }): [string, ConfiguredModel] => [name, {}]);
  const offers: ResourceOffer[] = [];
  const upstreamNames = new Map<string, string>();
  const missing: string[] = [];
  for (const [publicName, configured] of wanted) {
    const upstreamName = configured.upstream ?? publicName;
    const model = found.find(({ name }) => name === upstreamName || `${name}:latest` === upstreamName);
    if (!model) {
      missing.push(publicName);
      continue;
    }
    offers.push(makeOffer(settings, kind, publicName, configured, model));
    upstreamNames.set(publicName, upstreamName);
  }
  return { offers, upstreamNames, missing };
}

const defaultSlots = { openai: 8, ollama: 4 };

function makeOffer(
  { name: provider, slots, price }: OpenAISettings,
  kind: 'openai' | 'ollama',
  publicName: string,
  configured: ConfiguredModel,
  model: DiscoveredModel,
): ResourceOffer {
  const contextLength = configured.contextLength ?? model.contextLength;
  return Object.freeze({
    id: `${provider}/${publicName}`,
    provider,
    engine: 'openai',
    model: publicName,
    modality: configured.modality ?? model.modality,
    capabilities: configured.capabilities ?? model.capabilities,
    slots: configured.slots ?? slots ?? defaultSlots[kind],
    // One box, one set of slots, whichever of its models is asked for.
    ...(configured.slots === undefined && { slotGroup: provider }),
    state: model.state,
    ...(contextLength !== undefined && { contextLength }),
    ...(price !== undefined && { price }),
    ...(model.sizeBytes !== undefined && { sizeBytes: model.sizeBytes }),
    ...(model.details !== undefined && { details: model.details }),
  });
}
