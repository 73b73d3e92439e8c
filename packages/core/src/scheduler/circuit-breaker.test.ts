import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BreakerState,
  beginCall,
  type CallVerdict,
  closedBreaker,
  defaultBreakerOptions,
  isReady,
  settleCall,
} from './circuit-breaker.ts';

const options = defaultBreakerOptions;

/** One call from start to end, at one moment. */
function call(state: BreakerState, verdict: CallVerdict, nowMs = 0, retryAfterMs?: number): BreakerState {
  const begun = beginCall(state);
  return settleCall(begun, { verdict, probe: begun.phase === 'half-open', nowMs, retryAfterMs }, options);
}

function calls(verdicts: CallVerdict[], state = closedBreaker): BreakerState {
  return verdicts.reduce((before, verdict) => call(before, verdict), state);
}

const opened = calls(Array<CallVerdict>(5).fill('fault'));

test('five faults in a row put the offer to rest, four do not', () => {
  expect(calls(['fault', 'fault', 'fault', 'fault', 'success', 'fault']).phase).toBe('closed');
  expect(opened).toEqual({ phase: 'open', untilMs: 1000, restMs: 1000, reason: 'faults' });
});

test('an offer that fails two calls of three is put to rest though never five in a row', () => {
  expect(calls(Array.from({ length: 60 }, (_, n) => (n % 3 === 0 ? 'success' : 'fault'))).phase).toBe('open');
  expect(calls(Array.from({ length: 60 }, (_, n) => (n % 4 === 0 ? 'fault' : 'success'))).phase).toBe('closed');
});

test('mistakes and cancels of callers say nothing about the provider', () => {
  expect(calls(Array<CallVerdict>(100).fill('neither'))).toEqual(closedBreaker);
});

test('after the rest one probe goes through, and its success closes the breaker', () => {
  expect(isReady(opened, 999)).toBe(false);
  expect(isReady(opened, 1000)).toBe(true);
  const probing = beginCall(opened);
  expect(probing.phase).toBe('half-open');
  expect(isReady(probing, 1e9)).toBe(false);
  expect(settleCall(probing, { verdict: 'success', probe: true, nowMs: 1500 }, options)).toEqual(closedBreaker);
});

test('every failed probe doubles the rest, up to a minute', () => {
  let state = opened;
  const rests: number[] = [];
  for (let probe = 0; probe < 8; probe++) {
    state = call(state, 'fault', 5000);
    if (state.phase === 'open') rests.push(state.restMs);
  }
  expect(rests).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test('a probe whose caller left makes room for the next probe at once', () => {
  expect(isReady(call(opened, 'neither', 1200), 1200)).toBe(true);
});

test('calls from before do not decide over an offer at rest', () => {
  const late = { probe: false, nowMs: 100 } as const;
  expect(settleCall(opened, { verdict: 'success', ...late }, options)).toBe(opened);
  const probing = beginCall(opened);
  expect(settleCall(probing, { verdict: 'fault', ...late }, options)).toBe(probing);
});

test('a provider that says it is busy rests as long as it asks, within the cap', () => {
  expect(call(closedBreaker, 'busy', 100, 7000)).toMatchObject({ phase: 'open', untilMs: 7100, reason: 'busy' });
  expect(call(closedBreaker, 'busy', 100, 1e9)).toMatchObject({ untilMs: 60_100 });
  expect(call(closedBreaker, 'busy', 100)).toMatchObject({ untilMs: 1100 });
});

test('whatever happens, there is never more than one probe, and rest always ends', () => {
  const verdicts = fc.constantFrom<CallVerdict>('success', 'fault', 'busy', 'neither');
  const step = fc.record({ verdict: verdicts, passMs: fc.nat(20_000), retryAfterMs: fc.nat(100_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      let state: BreakerState = closedBreaker;
      let nowMs = 0;
      for (const { verdict, passMs, retryAfterMs } of steps) {
        nowMs += passMs;
        if (state.phase === 'open') expect(state.untilMs - nowMs).toBeLessThanOrEqual(options.longestRestMs);
        if (!isReady(state, nowMs)) continue;
        state = beginCall(state);
        expect(state.phase === 'half-open' && isReady(state, nowMs)).toBe(false);
        state = settleCall(state, { verdict, probe: state.phase === 'half-open', nowMs, retryAfterMs }, options);
      }
    }),
  );
});
