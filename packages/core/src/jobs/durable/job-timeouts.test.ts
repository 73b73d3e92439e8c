import { expect, it } from 'vitest';
import { applyJobEvent, type JobEvent, openJob } from '../job-record.ts';
import { deadlineOf } from './job-timeouts.ts';

const timeouts = { matchMs: 30, executionMs: 100, totalMs: 200 };

function deadlineAfter(...events: readonly (readonly [JobEvent, number])[]) {
  let record = openJob({ kind: 'video', model: 'wan2.1', keyId: 'key_1' }, 1000);
  for (const [event, atMs] of events) record = applyJobEvent(record, event, atMs) ?? record;
  return deadlineOf(record, timeouts);
}

const agreed = { type: 'deal-agreed', provider: 'gpu' } as const;
const dropped = { type: 'deal-dropped' } as const;

it('gives a new offer the time to find a provider', () => {
  expect(deadlineAfter()).toEqual({ atMs: 1030, event: 'match-timed-out' });
});

it('gives a provider its own time from the deal on', () => {
  expect(deadlineAfter([agreed, 1020])).toEqual({ atMs: 1120, event: 'execution-timed-out' });
});

it('begins anew with both when a provider gave the job back', () => {
  expect(deadlineAfter([agreed, 1020], [dropped, 1050])).toEqual({ atMs: 1080, event: 'match-timed-out' });
  expect(deadlineAfter([agreed, 1020], [dropped, 1050], [agreed, 1060])).toEqual({
    atMs: 1160,
    event: 'execution-timed-out',
  });
});

it('never lets a job go beyond its total time, however often it was given back', () => {
  expect(deadlineAfter([agreed, 1020], [dropped, 1190])).toEqual({ atMs: 1200, event: 'job-timed-out' });
  expect(deadlineAfter([agreed, 1150])).toEqual({ atMs: 1200, event: 'job-timed-out' });
});
