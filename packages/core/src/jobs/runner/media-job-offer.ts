import type { JobOffer } from '../../scheduler/job-offer.ts';
import type { JsonObject } from '../durable/durable-job-store.ts';
import type { MediaKind } from './media-provider.ts';

export interface MediaJob {
  readonly id: string;
  readonly keyId: string;
  readonly kind: MediaKind;
  readonly model: string;
  readonly input: JsonObject;
  readonly weight?: number;
}

/** What a media job needs from whoever runs it. */
export function mediaJobOffer({ id, keyId, kind, model, input, weight = 1 }: MediaJob): JobOffer {
  const promptTokens = Math.ceil(JSON.stringify(input).length / 4);
  return { id, keyId, weight, model, modality: kind, needs: { capabilities: [] }, promptTokens };
}
