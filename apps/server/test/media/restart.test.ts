import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Job, JobEnvelope, JobPageEnvelope } from '@anura/openapi';
import { expect, onTestFinished, test } from 'vitest';
import { get, post } from '../running-server.ts';
import { bodyOf } from './media-server.ts';

const jobsWanted = 12;

/** Starts the server anew in the same folder. */
async function start(dataDir: string, journal: string) {
  const main = new URL('killed-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, dataDir, journal], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [base] = (await once(createInterface(child.stdout), 'line')) as [string];
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { base, kill };
}

const linesOf = (file: string, word: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${word} `))
    .map((line) => line.slice(word.length + 1));

test('killed at any moment, it finishes every accepted job after the restart, each with one end', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'anura-killed-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const journal = join(dataDir, 'journal');

  // Pictures that nobody waits for: what their caller is told first is that the connection broke.
  let server = await start(dataDir, journal);
  const asked = Array.from({ length: jobsWanted }, (_, at) =>
    post(
      `${server.base}/image/generate`,
      { prompt: `dot ${at}`, model: 'dots' },
      { headers: { 'idempotency-key': `dot-${at}` } },
    ).catch(() => undefined),
  );
  await expect.poll(() => linesOf(journal, 'drawn').length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  await server.kill();
  await Promise.all(asked);

  // And once more, while it is at what was left over.
  server = await start(dataDir, journal);
  const listed = async () => (await bodyOf<JobPageEnvelope>(get(`${server.base}/jobs?limit=100`))).data.jobs;
  const accepted = (await listed()).map(({ job_offer_id }) => job_offer_id);
  expect(accepted.length).toBe(jobsWanted);
  const drawnBefore = linesOf(journal, 'drawn').length;
  await expect.poll(() => linesOf(journal, 'drawn').length, { timeout: 40_000 }).toBeGreaterThan(drawnBefore);
  await server.kill();

  server = await start(dataDir, journal);
  const isOver = ({ job_state }: Job) => !['DealNegotiating', 'DealAgreed'].includes(job_state);
  await expect.poll(async () => (await listed()).every(isOver), { timeout: 60_000, interval: 200 }).toBe(true);
  const jobs = await listed();
  expect(jobs.map(({ job_offer_id }) => job_offer_id).sort()).toEqual(accepted.toSorted());
  for (const { job_offer_id: id, error, history } of jobs) {
    expect(error, id).toBeNull();
    expect(
      history.filter(({ state }) => state === 'ResultsSubmitted'),
      id,
    ).toHaveLength(1);
    expect((await get(`${server.base}/jobs/${id}/result`)).status, id).toBe(200);
  }
  // A caller who asks again, as one does after an error, gets the picture of the job there was.
  const again = await post(
    `${server.base}/image/generate`,
    { prompt: 'dot 0', model: 'dots' },
    { headers: { 'idempotency-key': 'dot-0' } },
  );
  expect(again.status).toBe(200);
  const { data } = await bodyOf<JobEnvelope>(get(`${server.base}/jobs/${again.headers.get('job-offer-id')}`));
  expect(accepted).toContain(data.job_offer_id);
  expect(await listed()).toHaveLength(jobsWanted);
}, 120_000);
