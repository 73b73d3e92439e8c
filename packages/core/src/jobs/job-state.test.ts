import type { JobState } from '@anura/openapi';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { applyJobEvent, type JobEvent, type JobRecord, openJob } from './job-record.ts';
import { isFinal, isUnfinished, type JobEventType, jobEventTypes, jobStates, nextState } from './job-state.ts';

const anyEvents = fc.array(fc.tuple(fc.constantFrom(...jobEventTypes), fc.integer({ min: -5, max: 50 })), {
  maxLength: 30,
});

it('keeps every promise about a job whatever happens in whatever order', () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      let atMs = 1000;
      let record = openJob({ kind: 'chat', model: 'tadpole', keyId: 'key_1' }, atMs);
      for (const [type, laterMs] of events) {
        atMs += laterMs;
        const changed = applyJobEvent(record, event(type), atMs);
        if (wasFinal(record)) expect(changed).toBeUndefined();
        record = changed ?? record;
        expectConsistent(record);
      }
    }),
  );
});

it('reaches every state, and ends in every one but the two that wait for a provider', () => {
  const reached = new Set<JobState>(['DealNegotiating']);
  for (const state of reached) {
    for (const type of jobEventTypes) {
      const next = nextState({ state, failed: false }, type);
      if (next !== undefined) reached.add(next);
    }
  }
  expect([...reached].sort()).toEqual([...jobStates].sort());
  expect(jobStates.filter(isUnfinished)).toEqual(['DealNegotiating', 'DealAgreed']);
  expect(jobStates.filter((state) => !isFinal({ state, failed: false }))).toEqual([
    'DealNegotiating',
    'DealAgreed',
    'ResultsSubmitted',
  ]);
});

it.each<[JobEventType[], string]>([
  [[], 'DealNegotiating'],
  [['deal-agreed'], 'DealAgreed'],
  [['deal-agreed', 'results-submitted'], 'ResultsSubmitted'],
  [['deal-agreed', 'results-submitted', 'results-accepted'], 'ResultsAccepted'],
  [['deal-agreed', 'results-submitted', 'download-timed-out'], 'TimeoutDownload'],
  [['deal-agreed', 'deal-dropped'], 'DealNegotiating'],
  [['deal-agreed', 'deal-dropped', 'deal-agreed', 'results-submitted'], 'ResultsSubmitted'],
  [['deal-agreed', 'execution-timed-out'], 'TimeoutExecution'],
  [['deal-agreed', 'job-cancelled'], 'JobOfferCancelled'],
  [['job-cancelled', 'deal-agreed'], 'JobOfferCancelled'],
  [['deal-agreed', 'job-timed-out', 'results-submitted'], 'JobTimedOut'],
  [['match-timed-out', 'deal-agreed'], 'TimeoutMatch'],
  [['deal-agreed', 'match-timed-out'], 'DealAgreed'],
  [['results-submitted'], 'DealNegotiating'],
  [['results-accepted'], 'DealNegotiating'],
  [['deal-agreed', 'deal-agreed'], 'DealAgreed'],
  [['job-failed', 'deal-agreed'], 'ResultsSubmitted'],
  [['deal-agreed', 'job-failed', 'results-accepted'], 'ResultsSubmitted'],
  [['deal-agreed', 'job-failed', 'download-timed-out'], 'ResultsSubmitted'],
  [['deal-agreed', 'results-submitted', 'job-cancelled'], 'ResultsSubmitted'],
])('after %j stands at %s', (events, state) => {
  let record = openJob({ kind: 'video', model: 'wan2.1', keyId: 'key_1' }, 0);
  for (const type of events) record = applyJobEvent(record, event(type), 1) ?? record;
  expect(record.state).toBe(state);
});

function event(type: JobEventType): JobEvent {
  if (type === 'deal-agreed') return { type, provider: 'local' };
  if (type === 'job-failed') return { type, error: new GatewayError('engine-failed', 'The provider broke off.') };
  return { type };
}

function wasFinal({ state, failure }: JobRecord): boolean {
  return isFinal({ state, failed: failure !== null });
}

function expectConsistent({ state, history, deal, failure, createdAtMs, updatedAtMs }: JobRecord): void {
  const states = history.map((entry) => entry.state);
  const times = history.map((entry) => entry.atMs);
  expect(states[0]).toBe('DealNegotiating');
  expect(states.at(-1)).toBe(state);
  expect(times[0]).toBe(createdAtMs);
  expect(times.at(-1)).toBe(updatedAtMs);
  expect(times).toEqual([...times].sort((one, other) => one - other));
  // Nothing that is over is left again.
  expect(states.filter((one) => !isUnfinished(one) && one !== 'ResultsSubmitted').length).toBeLessThanOrEqual(1);
  expect(states.filter((one) => one === 'ResultsSubmitted').length).toBeLessThanOrEqual(1);
  if (state === 'DealNegotiating') expect(deal).toBeNull();
  if (state === 'DealAgreed' || state === 'ResultsAccepted' || state === 'TimeoutExecution')
    expect(deal).not.toBeNull();
  if (state === 'ResultsSubmitted' && failure === null) expect(deal).not.toBeNull();
  if (failure !== null) expect(state).toBe('ResultsSubmitted');
}
