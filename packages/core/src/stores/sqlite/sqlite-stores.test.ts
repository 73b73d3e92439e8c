import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { testIdempotencyStore } from '../../idempotency/idempotency-store.conformance.ts';
import { testDurableJobStore } from '../../jobs/durable/durable-job-store.conformance.ts';
import { testJobStore } from '../../jobs/job-store.conformance.ts';
import { KeyRing } from '../../keys/key-ring.ts';
import { testKeyStore } from '../../keys/key-store.conformance.ts';
import { testUsageStore } from '../../usage/usage-store.conformance.ts';
import { testWebhookStore } from '../../webhooks/webhook-store.conformance.ts';
import { temporaryFolder } from './__fixtures__/temporary-folder.ts';
import { openSqliteStores } from './sqlite-stores.ts';

const log = { info: () => undefined, warn: () => undefined };

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => void rmSync(folder, { recursive: true, force: true })));
const openEmpty = () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'anura-stores-'));
  folders.push(dataDir);
  return openSqliteStores({ dataDir });
};

testJobStore('SQLite', openEmpty);
testDurableJobStore('SQLite', openEmpty);
testWebhookStore('SQLite', openEmpty);
testIdempotencyStore('SQLite', openEmpty);
testKeyStore('SQLite', openEmpty);
testUsageStore('SQLite', openEmpty);

it('makes the data folder and files only their owner may read', async () => {
  const dataDir = join(temporaryFolder(), 'new', 'data');
  const stores = openSqliteStores({ dataDir });
  onTestFinished(() => stores.close());
  const modes = ['.', 'anura.db', 'anura.db-wal', 'anura.db-shm'].map(
    (name) => statSync(join(dataDir, name)).mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
});

it('can be closed twice', async () => {
  const stores = openSqliteStores({ dataDir: temporaryFolder() });
  await stores.close();
  await stores.close();
});

it('lets two servers share a folder and see each other', async () => {
  const dataDir = temporaryFolder();
  const [one, other] = [openSqliteStores({ dataDir }), openSqliteStores({ dataDir })];
  onTestFinished(() => Promise.all([one.close(), other.close()]).then(() => undefined));
  const [here, there] = [await KeyRing.open({ store: one.keys, log }), await KeyRing.open({ store: other.keys, log })];
  onTestFinished(() => Promise.all([here.close(), there.close()]).then(() => undefined));
  const { secret, key } = await here.create();
  await there.refresh();
  expect(there.check(secret).ok).toBe(true);
  await there.revoke(key.id);
  await here.refresh();
  expect(here.check(secret)).toEqual({ ok: false, reason: 'revoked' });
});

it('lets several processes begin on an empty folder at the same moment', async () => {
  const dataDir = temporaryFolder();
  const results = await Promise.all(Array.from({ length: 4 }, () => finished(makeKeys(dataDir, 3))));
  expect(results.map(({ exitCode, errors }) => ({ exitCode, errors }))).toEqual(
    Array(4).fill({ exitCode: 0, errors: '' }),
  );
  await expectKnown(
    dataDir,
    results.flatMap(({ secrets }) => secrets),
    12,
  );
}, 20_000);

it('has every acknowledged key after the process was killed in the middle of its work', async () => {
  const dataDir = temporaryFolder();
  const child = makeKeys(dataDir, 1_000_000);
  const result = finished(child);
  createInterface({ input: child.stdout ?? process.stdin }).once('line', () => child.kill('SIGKILL'));
  const { secrets, exitCode } = await result;
  expect(exitCode).toBeNull();
  await expectKnown(dataDir, secrets, 1);
}, 20_000);

function makeKeys(dataDir: string, count: number): ChildProcess {
  const script = new URL('./__fixtures__/make-keys.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, dataDir, String(count)], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** What a child acknowledged until its end; a line cut off by the end was not acknowledged. */
function finished(child: ChildProcess): Promise<{ exitCode: number | null; secrets: string[]; errors: string }> {
  let output = '';
  let errors = '';
  child.stdout?.on('data', (data) => (output += data));
  child.stderr?.on('data', (data) => (errors += data));
  return new Promise((resolve) => {
    child.once('close', (exitCode) => resolve({ exitCode, secrets: output.split('\n').slice(0, -1), errors }));
  });
}

async function expectKnown(dataDir: string, secrets: readonly string[], atLeast: number): Promise<void> {
  const stores = openSqliteStores({ dataDir });
  onTestFinished(() => stores.close());
  const ring = await KeyRing.open({ store: stores.keys, log });
  onTestFinished(() => ring.close());
  expect(secrets.length).toBeGreaterThanOrEqual(atLeast);
  expect(secrets.filter((secret) => !ring.check(secret).ok)).toEqual([]);
}
