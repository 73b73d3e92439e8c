import fc from 'fast-check';
import { expect, test } from 'vitest';
import { job, offer, standing } from './__fixtures__/offers.ts';
import { closedBreaker } from './circuit-breaker.ts';
import { loadWaitMs } from './expected-wait.ts';
import { type OfferStanding, planRoute, toleratedMs } from './plan.ts';

const now = { nowMs: 0, queued: 0 };
const at = (provider: string, changes: Partial<Parameters<typeof offer>[0]> = {}) => offer({ provider, ...changes });
const cached = (tokens: number, answered = true) => ({ longestKnown: () => ({ hash: 1, tokens, answered }) });
const conversation = [{ hash: 1, tokens: 100, answered: true }];

function order(standings: OfferStanding[], wanted = job(), circumstances: Parameters<typeof planRoute>[2] = now) {
  return planRoute(wanted, standings, circumstances).candidates.map((candidate) => candidate.standing.offer.provider);
}

test('a loaded offer goes before a cold one, even when it is a little busy', () => {
  const cold = standing({ offer: at('cold', { state: 'cold', loadMs: 8000 }) });
  const busy = standing({ offer: at('busy'), busy: 1, measuredServiceMs: 2000 });
  expect(order([cold, busy])).toEqual(['busy', 'cold']);
});

test('a cold offer goes first once waiting for the loaded one takes longer than loading', () => {
  const cold = standing({ offer: at('cold', { state: 'cold', loadMs: 8000 }) });
  const busy = standing({ offer: at('busy'), busy: 1, measuredServiceMs: 2000 });
  expect(order([cold, busy], job(), { ...now, queued: 10 })).toEqual(['cold', 'busy']);
});

test('the provider that wrote the last answer gets the next question', () => {
  const other = standing({ offer: at('other'), lastGrant: 1 });
  const same = standing({ offer: at('same'), lastGrant: 2, ...cached(10) });
  expect(order([other, same], job({ conversation }))).toEqual(['same', 'other']);
});

test('a system prompt that others share too does not keep work at one provider', () => {
  const knows = standing({ offer: at('knows'), lastGrant: 2, ...cached(10, false) });
  const idle = standing({ offer: at('idle'), lastGrant: 1 });
  expect(order([knows, idle], job({ conversation }))).toEqual(['idle', 'knows']);
});

test('a cached conversation is worth as much waiting as it saves', () => {
  const speed = { prefillTokensPerSecond: 1000 };
  const wanted = job({ promptTokens: 6000, conversation });
  const idle = standing({ offer: at('idle', speed) });
  const soon = standing({ offer: at('soon', speed), busy: 1, measuredServiceMs: 3000, ...cached(6000) });
  expect(order([idle, soon], wanted)).toEqual(['soon', 'idle']);
  const late = standing({ offer: at('late', speed), busy: 1, measuredServiceMs: 9000, ...cached(6000) });
  expect(order([idle, late], wanted)).toEqual(['idle', 'late']);
});

test('between equals the cheaper goes first, then the less busy, then the one longest without a request', () => {
  const dear = standing({ offer: at('dear', { price: 2 }) });
  const cheap = standing({ offer: at('cheap', { price: 1, slots: 4 }), busy: 3 });
  expect(order([dear, cheap])).toEqual(['cheap', 'dear']);
  const half = standing({ offer: at('half', { slots: 4 }), busy: 2, lastGrant: 1 });
  const less = standing({ offer: at('less', { slots: 8 }), busy: 2, lastGrant: 2 });
  const recent = standing({ offer: at('recent', { slots: 8 }), busy: 2, lastGrant: 3 });
  expect(order([half, recent, less])).toEqual(['less', 'recent', 'half']);
});

test('measured speeds that differ by a hair do not count', () => {
  const faster = standing({ offer: at('faster', { prefillTokensPerSecond: 1010 }), lastGrant: 2 });
  const slower = standing({ offer: at('slower', { prefillTokensPerSecond: 990 }), lastGrant: 1 });
  expect(order([faster, slower], job({ promptTokens: 5000 }))).toEqual(['slower', 'faster']);
});

test('refusals say what would have to be different', () => {
  const resting = standing({
    offer: at('resting'),
    breaker: { phase: 'open', untilMs: 11_500, restMs: 2000, reason: 'faults' },
  });
  const blind = standing({ offer: at('blind') });
  const seeing = standing({ offer: at('seeing', { capabilities: ['vision'] }) });
  const wanted = job({ needs: { capabilities: ['vision'] } });
  expect(planRoute(wanted, [blind], now).refusals).toMatchObject([{ kind: 'never', reason: 'no vision' }]);
  expect(planRoute(job(), [resting], now).refusals).toMatchObject([
    { kind: 'resting', reason: 'failed repeatedly, next try in 12 s', untilMs: 11_500 },
  ]);
  const exclude = new Set([seeing.offer.id]);
  expect(planRoute(wanted, [seeing], { ...now, exclude }).refusals).toMatchObject([{ kind: 'tried' }]);
});

test('an offer whose rest is over takes part again; one with a probe under way is busy', () => {
  const open = { phase: 'open', untilMs: 0, restMs: 1000, reason: 'faults' } as const;
  const back = planRoute(job(), [standing({ breaker: open })], now).candidates[0];
  expect(back).toMatchObject({ free: true });
  const probing = standing({
    offer: at('probing', { slots: 4 }),
    busy: 1,
    breaker: { phase: 'half-open', restMs: 1000 },
  });
  expect(planRoute(job(), [probing], now).candidates[0]).toMatchObject({ free: false });
});

const anyStanding = fc
  .record({
    slots: fc.integer({ min: 1, max: 8 }),
    busy: fc.nat(8),
    state: fc.constantFrom('cold' as const, 'loading' as const, 'loaded' as const),
    loadMs: fc.nat(20_000),
    price: fc.nat(3),
    serviceMs: fc.integer({ min: 1, max: 20_000 }),
    cachedTokens: fc.nat(5000),
    resting: fc.boolean(),
  })
  .map(({ slots, busy, state, loadMs, price, serviceMs, cachedTokens, resting }) =>
    standing({
      offer: offer({ slots, state, loadMs, price, prefillTokensPerSecond: 500 }),
      busy: Math.min(busy, slots),
      measuredServiceMs: serviceMs,
      breaker: resting ? { phase: 'open', untilMs: 5, restMs: 5, reason: 'busy' } : closedBreaker,
      ...cached(cachedTokens),
    }),
  );
const anyStandings = fc
  .array(anyStanding, { maxLength: 8 })
  .map((all) => all.map((one, n) => ({ ...one, offer: { ...one.offer, id: `p${n}/frog`, provider: `p${n}` } })));

test('every offer is either a candidate or refused, never both', () => {
  fc.assert(
    fc.property(anyStandings, (standings) => {
      const { candidates, refusals } = planRoute(job(), standings, now);
      const ids = [...candidates.map(({ standing: one }) => one.offer.id), ...refusals.map((one) => one.offer.id)];
      expect(ids.sort()).toEqual(standings.map((one) => one.offer.id).sort());
    }),
  );
});

test('the first is never later than the least loaded by more than the prefill it saves', () => {
  fc.assert(
    fc.property(anyStandings, fc.nat(6000), fc.nat(50), (standings, promptTokens, queued) => {
      const { candidates } = planRoute(job({ promptTokens, conversation }), standings, { nowMs: 0, queued });
      const [first] = candidates;
      if (!first) return;
      const savedMs = (first.savedTokens * 1000) / 500;
      for (const other of candidates) {
        const sooner = other.slotWaitMs + loadWaitMs(other.standing.offer, other.standing.busy);
        const slack = toleratedMs(other.costMs) - other.costMs;
        expect(first.slotWaitMs + first.loadWaitMs).toBeLessThanOrEqual(sooner + savedMs + slack + 1e-6);
      }
    }),
  );
});

test('the order does not depend on the order in which the offers are listed', () => {
  fc.assert(
    fc.property(anyStandings, (standings) => {
      expect(order([...standings].reverse())).toEqual(order(standings));
    }),
  );
});
