import type { ResourceOffer } from '../../catalog/resource-offer.ts';
import type { ClaimedJob } from '../durable/durable-job-store.ts';

export interface AvoidFacts {
  readonly offers: readonly ResourceOffer[];
  /** Offers that failed this attempt. */
  readonly tried: ReadonlySet<string>;
  readonly nowMs: number;
  readonly operationPatienceMs: number;
}

/**
 * The offers an attempt must not take. Work that goes on somewhere is asked for there and nowhere else, unless that place
 * failed it or has been gone for long: after a restart its provider may be found later than the job.
 */
export function offersToAvoid({ operation, record }: ClaimedJob, facts: AvoidFacts): ReadonlySet<string> {
  const { offers, tried, nowMs, operationPatienceMs } = facts;
  if (!operation || tried.has(operation.offerId)) return tried;
  const isThere = offers.some(({ id }) => id === operation.offerId);
  if (!isThere && nowMs - record.updatedAtMs > operationPatienceMs) return tried;
  const others = offers.filter(({ id, model }) => id !== operation.offerId && model === record.model);
  return new Set([...tried, ...others.map(({ id }) => id)]);
}
