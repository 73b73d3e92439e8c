import type { ResourceOffer } from '../catalog/resource-offer.ts';
import { type BreakerState, isReady } from './circuit-breaker.ts';

/** Assumed where nothing was announced or measured. Only their order of magnitude matters. */
const assumedServiceMs = 5000;
const assumedAnswerTokens = 256;
const assumedLoadMs = 5000;
const assumedLoadBytesPerMs = 1_000_000;
const assumedPrefillTokensPerSecond = 2000;

/** How long one request keeps a slot, milliseconds: measured, else from the announced speed, else 5 s. */
export function serviceMs(offer: ResourceOffer, measuredMs: number | undefined, maxTokens?: number): number {
  if (measuredMs !== undefined) return measuredMs;
  if (offer.decodeTokensPerSecond === undefined) return assumedServiceMs;
  return (1000 * Math.min(maxTokens ?? assumedAnswerTokens, assumedAnswerTokens)) / offer.decodeTokensPerSecond;
}

/**
 * How long until one of the offer's slots takes a request that comes now, milliseconds. `queued` requests go first; a
 * full offer frees a slot every `serviceMs / slots`.
 */
export function slotWaitMs(offer: ResourceOffer, busy: number, queued: number, oneServiceMs: number): number {
  if (busy < offer.slots) return 0;
  return ((busy - offer.slots + 1 + queued) * oneServiceMs) / Math.max(1, offer.slots);
}

/** How long until the model is in memory, milliseconds. Half is assumed to be over when somebody already waits for it. */
export function loadWaitMs(offer: ResourceOffer, busy: number): number {
  if (offer.state === 'loaded') return 0;
  const fromSizeMs = offer.sizeBytes === undefined ? assumedLoadMs : offer.sizeBytes / assumedLoadBytesPerMs;
  const loadMs = offer.loadMs ?? fromSizeMs;
  return offer.state === 'loading' || busy > 0 ? loadMs / 2 : loadMs;
}

/** How long reading this many prompt tokens takes, milliseconds. */
export function prefillMs(offer: ResourceOffer, tokens: number): number {
  return (1000 * Math.max(0, tokens)) / (offer.prefillTokensPerSecond ?? assumedPrefillTokensPerSecond);
}

/** What `drainPerMs` must know of an offer. */
export interface Drain {
  readonly offer: ResourceOffer;
  readonly breaker: BreakerState;
  readonly measuredServiceMs: number | undefined;
}

/** How many slots of these offers become free per millisecond, as measured; 0 when all of them rest. */
export function drainPerMs(offers: readonly Drain[], nowMs: number): number {
  const healthy = offers.filter(({ breaker }) => isReady(breaker, nowMs));
  return healthy.reduce((sum, live) => sum + live.offer.slots / serviceMs(live.offer, live.measuredServiceMs), 0);
}
