import type { Explanation } from '@anura/openapi';
import type { Candidate, Route } from './plan.ts';

/** A plan in the contract's words, for `POST /explain`. `ahead` requests would go first when nobody is free. */
export function explainRoute(route: Route, ahead: number): Explanation {
  const [best] = route.candidates;
  return {
    candidates: route.candidates.map((candidate) => ({
      provider: candidate.standing.offer.provider,
      model: candidate.standing.offer.model,
      loaded: candidate.standing.offer.state === 'loaded',
      expected_wait_ms: Math.round(candidate.costMs),
      slots: candidate.standing.offer.slots,
      busy: candidate.standing.busy,
      reasons: candidateReasons(candidate),
    })),
    refusals: route.refusals.map(({ offer, reason }) => ({ provider: offer.provider, model: offer.model, reason })),
    expected_wait_ms: best ? Math.round(best.costMs) : null,
    queue_position: best ? (best.free ? 0 : ahead) : null,
  };
}

/** Why a candidate stands at its place, most important first. */
function candidateReasons(candidate: Candidate): string[] {
  const { offer, busy, breaker } = candidate.standing;
  const reasons = [
    candidate.free ? `${offer.slots - busy} of ${offer.slots} slots free` : waitReason(candidate),
    offer.state === 'loaded' ? 'loaded' : `${offer.state}, about ${inSeconds(candidate.loadWaitMs)} until it is loaded`,
  ];
  if (candidate.savedTokens > 0) reasons.push(`has about ${candidate.savedTokens} tokens of this conversation cached`);
  if (candidate.prefillMs >= 1) reasons.push(`reads the prompt in about ${inSeconds(candidate.prefillMs)}`);
  if (offer.price) reasons.push(`price ${offer.price}`);
  if (breaker.phase !== 'closed') reasons.push('failed lately, one request at a time until it succeeds');
  return reasons;
}

function waitReason({ standing, slotWaitMs }: Candidate): string {
  const wait = `about ${inSeconds(slotWaitMs)} until one is free`;
  const { slots } = standing.offer;
  return standing.busy < slots ? `waits for a probe, ${wait}` : `all ${slots} slots busy, ${wait}`;
}

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
