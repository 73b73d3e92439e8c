import { expect, it } from 'vitest';
import { applyJobEvent, noteProgress, openJob } from '../job-record.ts';
import { estimateJob } from './job-estimate.ts';

const waiting = openJob({ kind: 'video', model: 'wan2.1', keyId: 'key_1' }, 0);
const running = applyJobEvent(waiting, { type: 'deal-agreed', provider: 'gpu' }, 1000) ?? waiting;

it('gives no time while nothing was measured, or while nobody offers the model', () => {
  expect(estimateJob(waiting, { ahead: 3, running: 1, meanMs: null }, 1, 0)).toEqual({
    position: 3,
    remainingMs: null,
  });
  expect(estimateJob(waiting, { ahead: 3, running: 0, meanMs: 500 }, 0, 0)).toEqual({ position: 3, remainingMs: null });
  expect(estimateJob(running, { ahead: 0, running: 1, meanMs: null }, 1, 2000).remainingMs).toBeNull();
});

it('counts one round for the job itself and one for everybody before it', () => {
  expect(estimateJob(waiting, { ahead: 0, running: 0, meanMs: 500 }, 1, 0).remainingMs).toBe(500);
  expect(estimateJob(waiting, { ahead: 3, running: 1, meanMs: 500 }, 1, 0).remainingMs).toBe(2500);
  expect(estimateJob(waiting, { ahead: 3, running: 2, meanMs: 500 }, 2, 0).remainingMs).toBe(1500);
});

it('takes from a running job what has passed, and never promises the past', () => {
  const standing = { ahead: 0, running: 1, meanMs: 500 };
  expect(estimateJob(running, standing, 1, 1200).remainingMs).toBe(300);
  expect(estimateJob(running, standing, 1, 9000).remainingMs).toBe(0);
});

it('believes the progress of the job itself more than the mean of others', () => {
  const quarter = noteProgress(running, 0.25, 2000) ?? running;
  expect(estimateJob(quarter, { ahead: 0, running: 1, meanMs: 500 }, 1, 2500).remainingMs).toBe(2500);
});
