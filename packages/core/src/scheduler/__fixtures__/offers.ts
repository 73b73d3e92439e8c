import type { ResourceOffer } from '../../catalog/resource-offer.ts';
import { closedBreaker } from '../circuit-breaker.ts';
import type { JobOffer } from '../job-offer.ts';
import type { OfferStanding } from '../plan.ts';

/** A loaded chat offer with one slot, of provider `a` unless said otherwise. */
export function offer(changes: Partial<ResourceOffer> = {}): ResourceOffer {
  const { provider = 'a', model = 'frog' } = changes;
  return {
    id: `${provider}/${model}`,
    provider,
    engine: 'fake',
    model,
    modality: 'chat',
    capabilities: [],
    slots: 1,
    state: 'loaded',
    ...changes,
  };
}

let jobs = 0;

/** A small chat job of key `key` for the model `frog`. */
export function job(changes: Partial<JobOffer> = {}): JobOffer {
  const needs = { capabilities: [] };
  return { id: `job ${++jobs}`, keyId: 'key', model: 'frog', modality: 'chat', needs, promptTokens: 10, ...changes };
}

/** A healthy, idle offer. */
export function standing(changes: Partial<OfferStanding> = {}): OfferStanding {
  return {
    offer: offer(),
    busy: 0,
    breaker: closedBreaker,
    measuredServiceMs: 1000,
    lastGrant: 0,
    longestKnown: () => undefined,
    ...changes,
  };
}
