import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openJob } from '../../../jobs/job-record.ts';
import { temporaryFolder } from '../__fixtures__/temporary-folder.ts';
import { remoteStores } from '../calls/remote-stores.ts';
import { openSqlite } from '../open-sqlite.ts';
import { DatabaseThread } from './database-thread.ts';

function open() {
  const path = join(temporaryFolder(), 'anura.db');
  const database = openSqlite(path, { durability: 'full' });
  const thread = new DatabaseThread(path);
  onTestFinished(async () => {
    await thread.close();
    database.close();
  });
  return { database, thread, stores: remoteStores(thread.send) };
}

const job = () => openJob({ kind: 'chat', model: 'tadpole', keyId: 'key_1' }, 1);

it('does what is asked in the order it is asked', async () => {
  const { stores } = open();
  const record = job();
  const [, found] = await Promise.all([stores.jobs.saveAll([record]), stores.jobs.get(record.id)]);
  expect(found).toEqual(record);
});

it('lets one call fail without those that share its commit', async () => {
  const { stores } = open();
  const [good, bad, other] = [job(), { ...job(), model: null as unknown as string }, job()];
  const outcomes = await Promise.allSettled([
    stores.jobs.saveAll([good]),
    stores.jobs.saveAll([job(), bad]),
    stores.jobs.saveAll([other]),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({ reason: { code: 'internal', message: expect.stringContaining('NOT NULL') } });
  expect(await stores.jobs.listUnfinished(10, 10)).toHaveLength(2);
});

it('waits while another process holds the lock, and the loop does not', async () => {
  const { database, stores } = open();
  await stores.jobs.get('warm');
  database.exec('begin immediate');
  let isSaved = false;
  const saving = stores.jobs.saveAll([job()]).then(() => {
    isSaved = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(isSaved).toBe(false);
  database.exec('commit');
  await saving;
});

it('answers what was asked before it is closed, and refuses what comes after', async () => {
  const { thread, stores } = open();
  const saving = Promise.all(Array.from({ length: 200 }, () => stores.jobs.saveAll([job()])));
  const closing = thread.close();
  expect(await saving).toHaveLength(200);
  await closing;
  await thread.close();
  await expect(stores.jobs.get('any')).rejects.toMatchObject({ code: 'no-capacity' });
});

it('refuses what a dying thread owes, and starts another for the next call', async () => {
  const { stores, thread } = open();
  const record = job();
  await stores.jobs.saveAll([record]);
  // What cannot be cloned back ends the thread: nothing does so in earnest, which is why it stands for any crash.
  const doomed = thread.send({ table: 'jobs', method: 'constructor', args: [] });
  await expect(doomed).rejects.toMatchObject({ code: 'internal' });
  expect(await stores.jobs.get(record.id)).toEqual(record);
});
