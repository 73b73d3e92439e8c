import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { GatewayError } from '../../errors/gateway-error.ts';
import { defaultTimeouts } from '../../jobs/durable/job-timeouts.ts';
import { openJob } from '../../jobs/job-record.ts';
import { makeKey } from '../../keys/make-key.ts';
import { temporaryFolder } from './__fixtures__/temporary-folder.ts';
import { remoteStores } from './calls/remote-stores.ts';
import { migrations } from './migrations.ts';
import { callsTo } from './open-memory-database.ts';
import { openSqlite } from './open-sqlite.ts';
import { SqliteKeyStore } from './sqlite-key-store.ts';

const databasePath = () => join(temporaryFolder(), 'anura.db');

function open(path: string): DatabaseSync {
  const database = openSqlite(path, { durability: 'full' });
  onTestFinished(() => database.close());
  return database;
}

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0];
}

function refusal(path: string): GatewayError {
  try {
    openSqlite(path, { durability: 'full' }).close();
  } catch (error) {
    if (GatewayError.is(error)) return error;
    throw error;
  }
  throw new Error('It was opened.');
}

const newJobs = (count: number) =>
  Array.from({ length: count }, () => openJob({ kind: 'chat', model: 'tadpole', keyId: 'key_1' }, 1));

it('is as durable as asked, and has all steps of the schema', () => {
  const path = databasePath();
  const full = open(path);
  const normal = openSqlite(path, { durability: 'normal' });
  onTestFinished(() => normal.close());
  expect([pragma(full, 'synchronous'), pragma(normal, 'synchronous')]).toEqual([2, 1]);
  expect(pragma(full, 'journal_mode')).toBe('wal');
  expect(pragma(full, 'user_version')).toBe(migrations.length);
});

it('takes away the rights others have on the file', () => {
  const path = databasePath();
  writeFileSync(path, '');
  chmodSync(path, 0o644);
  open(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('refuses a file a newer version wrote, and leaves it as it is', () => {
  const path = databasePath();
  const newer = new DatabaseSync(path);
  newer.exec(`create table things (id); pragma user_version = ${migrations.length + 1}`);
  newer.close();
  const { message } = refusal(path);
  expect(message).toContain(path);
  expect(message).toContain(
    `its schema is version ${migrations.length + 1}, this Anura knows versions up to ${migrations.length}`,
  );
  const again = new DatabaseSync(path);
  onTestFinished(() => again.close());
  expect(again.prepare('select name from sqlite_schema').all()).toEqual([{ name: 'things' }]);
});

it('says that a file is not a database', () => {
  const path = databasePath();
  writeFileSync(
    path,
    'This is a text, long enough to be looked at as the header of a database file by SQLite. '.repeat(20),
  );
  expect(refusal(path).message).toContain(`${path} cannot be used: it is not an SQLite database. Move the file away`);
});

it('says that a folder or a file is in the way', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'anura.db'));
  expect(refusal(join(folder, 'anura.db')).message).toMatch(/cannot be made or written to \(EISDIR\)\. Give the user/);
  writeFileSync(join(folder, 'file'), '');
  expect(refusal(join(folder, 'file', 'anura.db')).message).toMatch(
    /cannot be made or written to \((ENOTDIR|EEXIST)\)\. Give the user/,
  );
});

it('says that it may not write there', () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o500);
  const message = asNobody(() => refusal(join(folder, 'anura.db')).message);
  expect(message).toMatch(/cannot be made or written to \(EACCES\)\. Give the user/);
});

/** Root may write everywhere, so it becomes nobody for the moment. */
function asNobody<T>(act: () => T): T {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(65_534);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
  }
}

it('saves all of a batch or nothing when the disk is full, and works again when it is not', async () => {
  const database = open(databasePath());
  const store = remoteStores(callsTo(database)).jobs;
  const [kept] = newJobs(1);
  if (kept === undefined) throw new Error('no job');
  await store.saveAll([kept]);
  database.exec(`pragma max_page_count = ${Number(pragma(database, 'page_count')) + 2}`);
  const many = newJobs(500);
  await expect(store.saveAll(many)).rejects.toThrow('full');
  expect(await store.listUnfinished(10, 1000)).toEqual([kept]);
  database.exec('pragma max_page_count = 1000000');
  await store.saveAll(many);
  expect((await store.listUnfinished(10, 1000)).length).toBe(501);
});

it('takes no job that survives on a full disk, and keeps its place for when there is room', async () => {
  const database = open(databasePath());
  const { durableJobs, jobs } = remoteStores(callsTo(database));
  const submit = () => {
    const record = openJob({ kind: 'video', model: 'wan2.1', keyId: 'key_1' }, 1);
    const input = { prompt: 'x'.repeat(50_000) };
    return durableJobs.submit({ record, input, timeouts: defaultTimeouts }, { perKey: 1, inAll: 1 });
  };
  database.exec(`pragma max_page_count = ${Number(pragma(database, 'page_count')) + 2}`);
  await expect(submit()).rejects.toThrow('full');
  expect(await durableJobs.countUnfinished()).toBe(0);
  expect(await jobs.list({ keyId: 'key_1' }, 10)).toEqual([]);
  database.exec('pragma max_page_count = 1000000');
  expect(await submit()).toMatchObject({ outcome: 'accepted' });
});

it('adds all counts of a batch or nothing when one of them cannot be written', async () => {
  const store = remoteStores(callsTo(open(databasePath()))).usage;
  const good = { key_id: 'key_1', model: 'tadpole', day: '2025-06-01', requests: 1, failed_requests: 0 };
  const counts = [
    { ...good, prompt_tokens: 1, completion_tokens: 1 },
    { ...good, prompt_tokens: Number.NaN, completion_tokens: 1 },
  ];
  await expect(store.addAll(counts)).rejects.toThrow('NOT NULL');
  expect(await store.read({})).toEqual([]);
});

it('says that a key was not saved because the disk is full, without naming the file', async () => {
  const database = open(databasePath());
  database.exec(`pragma max_page_count = ${pragma(database, 'page_count')}`);
  const store = new SqliteKeyStore({ durable: database, quick: database });
  const insertMany = async () => {
    for (let made = 0; made < 100; made++) await store.insert(makeKey({ name: 'x'.repeat(200) }, 1).stored);
  };
  const message = 'The key was not saved: the database cannot be used: the disk is full. Make room and try again.';
  await expect(insertMany()).rejects.toMatchObject({ code: 'internal', message });
});

it('gives up soon on rows, and waits with a new key, while another process holds the lock', async () => {
  const path = databasePath();
  const database = open(path);
  const holder = new DatabaseSync(path);
  onTestFinished(() => holder.close());
  holder.exec('begin immediate');
  await expect(remoteStores(callsTo(database)).jobs.saveAll(newJobs(1))).rejects.toThrow('locked');

  const store = new SqliteKeyStore({ durable: database, quick: database });
  const { stored } = makeKey({}, 1);
  const inserted = store.insert(stored);
  expect(await store.list()).toEqual([]);
  holder.exec('commit');
  await inserted;
  expect(await store.list()).toEqual([stored]);
});
