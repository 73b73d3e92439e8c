import type { Capability, Modality } from '@anura/openapi';
import type { ModelDetails } from '../../../catalog/resource-offer.ts';

/** A model as its upstream describes it. What the upstream does not say is guessed from the name or absent. */
export interface DiscoveredModel {
  /** The upstream's own name. */
  readonly name: string;
  readonly modality: Modality;
  readonly capabilities: readonly Capability[];
  readonly contextLength?: number;
  readonly sizeBytes?: number;
  readonly state: 'cold' | 'loaded';
  readonly details?: ModelDetails;
}
