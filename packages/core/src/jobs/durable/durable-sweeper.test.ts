import { expect, it, onTestFinished, vi } from 'vitest';
import { Studio } from '../runner/__fixtures__/studio.ts';
import { openWorkshop } from '../runner/__fixtures__/workshop.ts';
import { DurableSweeper, type DurableSweeperOptions } from './durable-sweeper.ts';

const dayMs = 86_400_000;
const caller = { keyId: 'key_1' };

function open(options: Partial<DurableSweeperOptions> = {}) {
  const studio = new Studio('gpu', [{ model: 'sdxl-turbo', kind: 'image', slots: 5 }]);
  const timeoutsOf = () => ({ matchMs: 30_000, executionMs: 60_000, totalMs: 100_000 });
  const workshop = openWorkshop([studio], { media: { timeoutsOf } });
  const { jobs, artifacts, stores, log } = workshop;
  const sweeper = new DurableSweeper({
    jobs,
    artifacts,
    idempotency: stores.idempotency,
    log,
    batchSize: 2,
    ...options,
  });
  onTestFinished(() => sweeper.close());
  const submit = async () =>
    (await workshop.media.submit({ kind: 'image', request: { model: 'sdxl-turbo', prompt: 'a frog' } }, caller)).record
      .id;
  const stateOf = async (id: string) => (await workshop.stores.jobs.get(id))?.state;
  return { ...workshop, studio, sweeper, submit, stateOf };
}

it('ends jobs nobody took in time, in as many batches as it takes, and tells those who follow them', async () => {
  const { sweeper, submit, stateOf, clock, jobs } = open();
  const ids = [await submit(), await submit(), await submit(), await submit(), await submit()];
  const heard = vi.fn();
  jobs.onChange(heard);
  await clock.turn(29_999);
  expect(await sweeper.endOverdue()).toBe(0);
  await clock.turn(1);
  expect(await sweeper.endOverdue()).toBe(5);
  expect(await Promise.all(ids.map(stateOf))).toEqual(Array(5).fill('TimeoutMatch'));
  expect(heard).toHaveBeenCalledTimes(5);
});

it('deletes first the promise of a result with its bytes, and later the job with its prompt', async () => {
  const { sweeper, submit, stateOf, clock, runner, studio, artifacts, media } = open();
  runner.start();
  const ids = [await submit(), await submit()];
  await vi.waitFor(() => expect(studio.calls).toHaveLength(2));
  for (const call of studio.calls) call.deliver();
  const [unfetched, fetched] = await Promise.all(
    ids.map((id) => media.wait(id, 'key_1', 1e6, new AbortController().signal)),
  );
  if (fetched) await media.fetched(fetched);
  await runner.close();
  await clock.turn(dayMs + 1);
  expect(await sweeper.prune()).toEqual({ unfetched: 1, artifacts: 2, jobs: 0 });
  expect(await Promise.all(ids.map(stateOf))).toEqual(['TimeoutDownload', 'ResultsAccepted']);
  expect(await artifacts.find(unfetched?.artifactId ?? '')).toBeUndefined();
  await clock.turn(7 * dayMs + 1);
  expect(await sweeper.prune()).toEqual({ unfetched: 0, artifacts: 0, jobs: 2 });
  expect(await Promise.all(ids.map(stateOf))).toEqual([undefined, undefined]);
});

it('sweeps in the background until it is closed, and outlives a failing store', async () => {
  const { sweeper, submit, stateOf, clock, jobs, log } = open();
  const id = await submit();
  vi.spyOn(jobs.store, 'endOverdue').mockRejectedValueOnce(new Error('database is locked'));
  sweeper.start();
  await clock.turn(1_000);
  expect(log.warn).toHaveBeenCalledExactlyOnceWith({ reason: 'database is locked' }, expect.any(String));
  await clock.turn(29_000);
  await vi.waitFor(async () => {
    await clock.turn(1_000);
    expect(await stateOf(id)).toBe('TimeoutMatch');
  });
  await sweeper.close();
  const later = await submit();
  await clock.turn(60_000);
  expect(await stateOf(later)).toBe('DealNegotiating');
});
