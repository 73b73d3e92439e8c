import { afterEach, expect, it, vi } from 'vitest';
import { MemoryJobStore } from '../stores/memory/memory-job-store.ts';
import { JobLog, type JobLogOptions } from './job-log.ts';
import { readCursor } from './job-page.ts';
import type { JobRecord } from './job-record.ts';
import type { JobStore } from './job-store.ts';

const chat = { kind: 'chat', model: 'tadpole', keyId: 'key_1' } as const;
const quietLog = { info: vi.fn(), warn: vi.fn() };

const logs: JobLog[] = [];
afterEach(async () => {
  vi.clearAllMocks();
  await Promise.all(logs.splice(0).map((log) => log.close()));
});

function openLog(options: Partial<JobLogOptions> = {}): JobLog {
  const log = new JobLog({ store: new MemoryJobStore(), log: quietLog, delayMs: 60_000, ...options });
  logs.push(log);
  return log;
}

/** A memory store that counts its commits and fails while told to. */
class TestStore extends MemoryJobStore implements JobStore {
  commits: number[] = [];
  failing = false;
  override async saveAll(records: readonly JobRecord[]): Promise<void> {
    if (this.failing) throw new Error('database or disk is full');
    this.commits.push(records.length);
    await super.saveAll(records);
  }
}

it('knows a job from its first moment, before anything is written', async () => {
  const store = new TestStore();
  const jobs = openLog({ store });
  const job = jobs.open(chat);
  expect(await jobs.get(job.id, 'key_1')).toMatchObject({ id: job.id, state: 'DealNegotiating' });
  job.apply({ type: 'deal-agreed', provider: 'local' });
  expect(await jobs.get(job.id, 'key_1')).toMatchObject({ state: 'DealAgreed', deal: { provider: 'local' } });
  expect(store.commits).toEqual([]);
});

it('shows a job to its own key only, written or not', async () => {
  const jobs = openLog();
  const { id } = jobs.open(chat);
  expect(await jobs.get(id, 'key_2')).toBeUndefined();
  await jobs.flush();
  expect(await jobs.get(id, 'key_2')).toBeUndefined();
  expect(await jobs.get(id, 'key_1')).toBeDefined();
});

it('lists the jobs of a key page by page, those of this moment included', async () => {
  let nowMs = 0;
  const jobs = openLog({ now: () => ++nowMs });
  const ids = [1, 2, 3].map(() => jobs.open(chat).id);
  jobs.open({ ...chat, keyId: 'key_2' });
  const first = await jobs.list({ keyId: 'key_1' }, 2);
  expect(first.jobs.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
  const second = await jobs.list({ keyId: 'key_1', before: readCursor(first.nextCursor ?? '') }, 2);
  expect(second.jobs.map(({ id }) => id)).toEqual([ids[0]]);
  expect(second.nextCursor).toBeUndefined();
});

it('writes the many changes of a job as one row', async () => {
  const store = new TestStore();
  const jobs = openLog({ store });
  const job = jobs.open(chat);
  job.apply({ type: 'deal-agreed', provider: 'local' });
  job.apply({ type: 'results-submitted' });
  await jobs.flush();
  expect(store.commits).toEqual([1]);
  expect(await store.get(job.id)).toEqual(job.record);
});

it('refuses what cannot happen and keeps the job as it was', () => {
  const job = openLog().open(chat);
  expect(job.apply({ type: 'job-cancelled' })).toBe(true);
  const { record } = job;
  expect(job.apply({ type: 'job-cancelled' })).toBe(false);
  expect(job.record).toBe(record);
});

it('writes by itself after the delay, and at once when a batch is full', async () => {
  const store = new TestStore();
  const soon = openLog({ store, delayMs: 5 });
  soon.open(chat);
  await vi.waitFor(() => expect(store.commits).toEqual([1]));

  const batched = openLog({ store, batchSize: 3 });
  for (let index = 0; index < 7; index++) batched.open(chat);
  await vi.waitFor(() => expect(store.commits).toEqual([1, 3, 3, 1]));
});

it('writes what waits when it is closed', async () => {
  const store = new TestStore();
  const jobs = openLog({ store });
  const { id } = jobs.open(chat);
  await jobs.close();
  expect(await store.get(id)).toBeDefined();
});

it('goes on through a full disk with bounded memory, complains once, and writes what waited afterwards', async () => {
  const store = new TestStore();
  store.failing = true;
  const jobs = openLog({ store, capacity: 5 });
  const opened = Array.from({ length: 8 }, () => jobs.open(chat));
  await jobs.flush();
  await jobs.flush();
  expect(quietLog.warn).toHaveBeenCalledTimes(1);
  const known = await Promise.all(opened.map(({ id }) => jobs.get(id, 'key_1')));
  expect(known.filter((record) => record !== undefined).length).toBe(5);

  store.failing = false;
  opened[0]?.apply({ type: 'deal-agreed', provider: 'local' });
  await jobs.flush();
  expect(store.commits).toEqual([5]);
  expect(await store.get(opened[0]?.id ?? '')).toMatchObject({ state: 'DealAgreed' });
  expect(quietLog.info).toHaveBeenCalledExactlyOnceWith({ dropped: 3 }, expect.any(String));
});

it('says how many rows are lost when the store still fails at the end', async () => {
  const store = new TestStore();
  store.failing = true;
  const jobs = openLog({ store });
  jobs.open(chat);
  await jobs.close();
  expect(quietLog.warn).toHaveBeenLastCalledWith({ lost: 1 }, expect.stringContaining('Job rows'));
});
