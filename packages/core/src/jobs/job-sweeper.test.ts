import { expect, it, onTestFinished, vi } from 'vitest';
import { MemoryJobStore } from '../stores/memory/memory-job-store.ts';
import { applyJobEvent, openJob } from './job-record.ts';
import { JobSweeper } from './job-sweeper.ts';

const log = { info: vi.fn(), warn: vi.fn() };
const hourMs = 3_600_000;

function chatJob(createdAtMs: number) {
  return openJob({ kind: 'chat', model: 'tadpole', keyId: 'key_1' }, createdAtMs);
}

it('ends jobs a crash left behind, in as many batches as it takes', async () => {
  const store = new MemoryJobStore();
  const orphans = Array.from({ length: 25 }, (_, index) => chatJob(index));
  const young = chatJob(hourMs);
  await store.saveAll([...orphans, young]);
  const sweeper = new JobSweeper({ store, log, now: () => 2.5 * hourMs, batchSize: 10 });
  expect(await sweeper.sweep()).toEqual({ timedOut: 25, pruned: 0 });
  expect(await store.get(orphans[24]?.id ?? '')).toMatchObject({ state: 'JobTimedOut', updatedAtMs: 2.5 * hourMs });
  expect(await store.get(young.id)).toMatchObject({ state: 'DealNegotiating' });
  expect(await sweeper.sweep()).toEqual({ timedOut: 0, pruned: 0 });
});

it('deletes jobs a week after the last thing happened to them', async () => {
  const store = new MemoryJobStore();
  const ended = Array.from({ length: 25 }, (_, index) => {
    const job = chatJob(index);
    return applyJobEvent(job, { type: 'job-cancelled' }, index) ?? job;
  });
  await store.saveAll(ended);
  const sweeper = new JobSweeper({ store, log, now: () => 7 * 24 * hourMs + 20, batchSize: 10 });
  expect(await sweeper.sweep()).toEqual({ timedOut: 0, pruned: 20 });
});

it('sweeps in the background until it is closed, and outlives a failing store', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const store = new MemoryJobStore();
  const prune = vi.spyOn(store, 'prune').mockRejectedValueOnce(new Error('database is locked'));
  const sweeper = new JobSweeper({ store, log });
  sweeper.start();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(log.warn).toHaveBeenCalledExactlyOnceWith({ reason: 'database is locked' }, expect.any(String));
  await vi.advanceTimersByTimeAsync(600_000);
  expect(prune).toHaveBeenCalledTimes(2);
  await sweeper.close();
  await vi.advanceTimersByTimeAsync(6_000_000);
  expect(prune).toHaveBeenCalledTimes(2);
});
