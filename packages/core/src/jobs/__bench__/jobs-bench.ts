/**
 * How many durable submits, and claims with deal and results, the SQLite store does a second, with 64 in flight, as the
 * table grows. The event loop's longest pause tells what requests beside it would feel.
 *
 *   node packages/core/src/jobs/__bench__/jobs-bench.ts [rows,rows,…] [folder]     default 1000,100000, a temporary folder
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openSqliteStores } from '../../stores/sqlite/index.ts';
import { defaultTimeouts } from '../durable/job-timeouts.ts';
import { openJob } from '../job-record.ts';

const [sizes = '1000,100000', folder = tmpdir()] = process.argv.slice(2);
const inFlight = 64;
const measured = 5_000;
const bounds = { perKey: 1e9, inAll: 1e9 };
const input = { prompt: 'A green frog on a lily pad in the rain, watercolour. '.repeat(4), seed: 42 };

const dataDir = mkdtempSync(join(folder, 'anura-bench-'));
const stores = openSqliteStores({ dataDir });
process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }));

/** Runs the task `count` times, `inFlight` at once, and prints the rate. */
async function measure(name: string, count: number, task: () => Promise<unknown>): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const startMs = performance.now();
  let left = count;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (left-- > 0) await task();
    }),
  );
  const seconds = (performance.now() - startMs) / 1000;
  delay.disable();
  const pause = `loop p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, max ${(delay.max / 1e6).toFixed(1)} ms`;
  console.log(
    `  ${name.padEnd(24)} ${Math.round(count / seconds)
      .toString()
      .padStart(7)}/s   ${pause}`,
  );
}

let made = 0;
async function submit(): Promise<void> {
  const keyId = `key_${made++ % 20}`;
  const record = openJob({ kind: 'video', model: 'wan2.1', keyId }, Date.now());
  await stores.durableJobs.submit({ record, input, timeouts: defaultTimeouts }, bounds);
}

async function claimAndSettle(): Promise<void> {
  const nowMs = Date.now();
  const wanted = [{ model: 'wan2.1', count: 1 }];
  const [claimed] = await stores.durableJobs.claim({ wanted, nowMs, leaseUntilMs: nowMs + 30_000 });
  if (!claimed) throw new Error('There was nothing to claim.');
  const { id, attempt } = claimed;
  const result = { content_type: 'image/webp', size_bytes: 1, url: '/x' };
  await stores.durableJobs.apply(id, { type: 'deal-agreed', provider: 'gpu' }, { atMs: nowMs, attempt });
  const settled = await stores.durableJobs.apply(
    id,
    { type: 'results-submitted', result, artifactId: id },
    { atMs: nowMs, attempt },
  );
  if (!settled) throw new Error('A held job could not be settled.');
}

/** Finished jobs, as many as the history is to have. */
async function fill(rows: number): Promise<void> {
  for (; made < rows; ) {
    const batch = Math.min(2_000, rows - made);
    await Promise.all(Array.from({ length: batch }, submit));
    await Promise.all(Array.from({ length: batch }, claimAndSettle));
  }
}

for (const rows of sizes.split(',').map(Number)) {
  await fill(rows);
  console.log(`${made.toLocaleString('en')} jobs in the table`);
  await measure('submit', measured, submit);
  await measure('claim + deal + settle', measured, claimAndSettle);
  await measure('list a page of 20', 500, () => stores.jobs.list({ keyId: 'key_1', kind: 'video' }, 20));
}
await stores.close();
