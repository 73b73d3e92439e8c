import type { ResourceOffer } from '../catalog/resource-offer.ts';
import { type BreakerState, isReady } from './circuit-breaker.ts';
import type { ConversationPrefix } from './conversation-prefixes.ts';
import { loadWaitMs, prefillMs, serviceMs, slotWaitMs } from './expected-wait.ts';
import type { JobOffer } from './job-offer.ts';
import { whyNot } from './match.ts';

/** How one offer stands at this moment. */
export interface OfferStanding {
  readonly offer: ResourceOffer;
  /** Slots in use. */
  readonly busy: number;
  readonly breaker: BreakerState;
  /** How long a request kept a slot lately, milliseconds; undefined before the first. */
  readonly measuredServiceMs: number | undefined;
  /** Counts up with every request granted anywhere; 0 for an offer that had none yet. */
  readonly lastGrant: number;
  /** The longest beginning of this conversation that is probably in its KV cache. */
  longestKnown(conversation: readonly ConversationPrefix[]): ConversationPrefix | undefined;
}

/** What else a plan depends on. */
export interface PlanCircumstances {
  readonly nowMs: number;
  /** Requests already waiting for this model. */
  readonly queued: number;
  /** Offer ids that were tried before. */
  readonly exclude?: ReadonlySet<string> | undefined;
}

/** An offer that can run the job, with the times that give it its place. All times in milliseconds. */
export interface Candidate<Standing extends OfferStanding = OfferStanding> {
  readonly standing: Standing;
  /** It would start at once. */
  readonly free: boolean;
  readonly slotWaitMs: number;
  readonly loadWaitMs: number;
  readonly prefillMs: number;
  /** Prompt tokens that need not be read again. */
  readonly savedTokens: number;
  /** It wrote the conversation's last answer. */
  readonly sameConversation: boolean;
  /** The sum of the three waits: when the first token can be expected. */
  readonly costMs: number;
}

/** An offer that cannot run the job: `never`, `resting` until its breaker lets it try again, or `tried` already. */
export interface Refusal {
  readonly offer: ResourceOffer;
  readonly kind: 'never' | 'resting' | 'tried';
  readonly reason: string;
  /** When a resting offer may be tried again; on the clock of `nowMs`. */
  readonly untilMs?: number;
}

export interface Route<Standing extends OfferStanding = OfferStanding> {
  /** Best first. */
  readonly candidates: readonly Candidate<Standing>[];
  readonly refusals: readonly Refusal[];
}

/**
 * Who should run this job, best first, and why the others cannot.
 *
 * The order is by expected time to the first token (waiting for a slot + loading + reading what is not cached), so an
 * offer that has the conversation cached wins by what it saves and never by more. Offers that are as good as the best
 * (within 50 ms + 10 %, closer than our estimates are) go: loaded, same conversation, cheaper, less busy, longest
 * without a request. The last two spread work evenly over equal providers.
 */
export function planRoute<Standing extends OfferStanding>(
  job: JobOffer,
  standings: readonly Standing[],
  now: PlanCircumstances,
): Route<Standing> {
  const candidates: Candidate<Standing>[] = [];
  const refusals: Refusal[] = [];
  const queuedEach = now.queued / Math.max(1, standings.length);
  for (const standing of standings) {
    const refusal = refuse(job, standing, now);
    if (refusal) refusals.push(refusal);
    else candidates.push(weigh(job, standing, now.nowMs, queuedEach));
  }
  return { candidates: inOrder(candidates), refusals };
}

function refuse(job: JobOffer, { offer, breaker }: OfferStanding, now: PlanCircumstances): Refusal | undefined {
  const reason = whyNot(job, offer);
  if (reason !== undefined) return { offer, kind: 'never', reason };
  if (now.exclude?.has(offer.id)) return { offer, kind: 'tried', reason: 'failed this request before' };
  if (breaker.phase !== 'open' || isReady(breaker, now.nowMs)) return undefined;
  const seconds = Math.ceil((breaker.untilMs - now.nowMs) / 1000);
  const why = breaker.reason === 'busy' ? 'said it is busy' : 'failed repeatedly';
  return { offer, kind: 'resting', reason: `${why}, next try in ${seconds} s`, untilMs: breaker.untilMs };
}

/** What the job would wait for at this offer. */
export function weigh<Standing extends OfferStanding>(
  job: JobOffer,
  standing: Standing,
  nowMs: number,
  queued: number,
): Candidate<Standing> {
  const { offer, busy } = standing;
  const free = busy < offer.slots && isReady(standing.breaker, nowMs);
  const known = job.conversation && standing.longestKnown(job.conversation);
  const savedTokens = Math.min(known?.tokens ?? 0, job.promptTokens);
  const oneServiceMs = serviceMs(offer, standing.measuredServiceMs, job.maxTokens);
  const waits = {
    // Free slots behind a probe under way are not to be had before it returns.
    slotWaitMs: free ? 0 : slotWaitMs(offer, Math.max(busy, offer.slots), queued, oneServiceMs),
    loadWaitMs: loadWaitMs(offer, busy),
    prefillMs: prefillMs(offer, job.promptTokens - savedTokens),
  };
  const costMs = waits.slotWaitMs + waits.loadWaitMs + waits.prefillMs;
  return { standing, free, ...waits, savedTokens, sameConversation: known?.answered ?? false, costMs };
}

/** Estimates closer than this to the best count as equal to it. */
export const toleratedMs = (bestCostMs: number): number => bestCostMs * 1.1 + 50;

function inOrder<Standing extends OfferStanding>(candidates: Candidate<Standing>[]): Candidate<Standing>[] {
  if (candidates.length < 2) return candidates;
  let best = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) best = Math.min(best, candidate.costMs);
  const equal = toleratedMs(best);
  return candidates.sort((a, b) => beyond(a, equal) - beyond(b, equal) || preference(a, b));
}

const beyond = ({ costMs }: Candidate, equal: number): number => (costMs <= equal ? 0 : costMs);

function preference(a: Candidate, b: Candidate): number {
  const [one, other] = [a.standing, b.standing];
  return (
    Number(b.free) - Number(a.free) ||
    Number(other.offer.state === 'loaded') - Number(one.offer.state === 'loaded') ||
    Number(b.sameConversation) - Number(a.sameConversation) ||
    (one.offer.price ?? 0) - (other.offer.price ?? 0) ||
    one.busy / one.offer.slots - other.busy / other.offer.slots ||
    one.lastGrant - other.lastGrant ||
    (one.offer.id < other.offer.id ? -1 : 1)
  );
}
