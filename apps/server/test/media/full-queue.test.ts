import type { JobCreated, JobPageEnvelope, UsageEnvelope } from '@anura/openapi';
import { expect, test } from 'vitest';
import { get, post } from '../running-server.ts';
import { bodyOf, hello, startMediaServer } from './media-server.ts';

test('more jobs than may be unfinished are refused with the time to wait, and none of those accepted is lost', async () => {
  await using server = await startMediaServer({ flags: { 'jobs.max_unfinished_per_key': 20 } });
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => post(`${server.base}/audio/create-job`, { ...hello, voice: 'puck' })),
  );
  const accepted = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ status }) => status === 429);
  expect(accepted.length).toBeGreaterThanOrEqual(20);
  expect(refused.length).toBeGreaterThan(0);
  expect(accepted.length + refused.length).toBe(100);
  for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);

  const ids = await Promise.all(accepted.map(async (answer) => (await bodyOf<JobCreated>(answer)).data.job_offer_id));
  const done = async () =>
    (await bodyOf<JobPageEnvelope>(get(`${server.base}/jobs?limit=100&state=ResultsSubmitted`))).data.jobs;
  await expect.poll(async () => (await done()).length, { timeout: 25_000, interval: 200 }).toBe(ids.length);
  expect((await done()).map(({ job_offer_id }) => job_offer_id).sort()).toEqual(ids.toSorted());

  // Each counts once for its key.
  const usage = async () => (await bodyOf<UsageEnvelope>(get(`${server.base}/usage`))).data.rows[0];
  await expect.poll(usage).toMatchObject({ model: 'flite', requests: ids.length, failed_requests: 0 });
});
