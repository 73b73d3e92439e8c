import { expect, it } from 'vitest';
import { decideIdempotency, type IdempotencyEntry } from './decide-idempotency.ts';

const answer = { status: 200, headers: {}, body: '{}' };
const decide = (entry: Partial<IdempotencyEntry> | undefined, fingerprint = 'a') => {
  const whole = entry && { fingerprint: 'a', createdAtMs: 100, jobId: null, answer: null, runningUntilMs: 0, ...entry };
  return decideIdempotency(whole, fingerprint, { nowMs: 200, keptSinceMs: 50 });
};

it('begins what was never asked, is too old, or was left without an answer', () => {
  expect(decide(undefined)).toEqual({ outcome: 'begin' });
  expect(decide({ createdAtMs: 49, answer })).toEqual({ outcome: 'begin' });
  expect(decide({ createdAtMs: 49 }, 'b')).toEqual({ outcome: 'begin' });
  expect(decide({ runningUntilMs: 200 })).toEqual({ outcome: 'begin' });
});

it('gives the job or the answer there is, and waits for what runs', () => {
  expect(decide({ jobId: 'job-1' })).toEqual({ outcome: 'job', jobId: 'job-1' });
  expect(decide({ answer })).toEqual({ outcome: 'answered', answer });
  expect(decide({ runningUntilMs: 201 })).toEqual({ outcome: 'running' });
});

it('never gives one request the answer of another', () => {
  for (const entry of [{ jobId: 'job-1' }, { answer }, { runningUntilMs: 201 }, { runningUntilMs: 0 }]) {
    expect(decide(entry, 'b')).toEqual({ outcome: 'conflict' });
  }
});
