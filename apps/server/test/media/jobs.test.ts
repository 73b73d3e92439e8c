import type { CreatedKeyEnvelope, JobEnvelope, JobPageEnvelope } from '@anura/openapi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectToBe } from '../contract-schemas.ts';
import { get, post, type RunningTestServer, withKey } from '../running-server.ts';
import { bodyOf, clip, hello, startMediaServer } from './media-server.ts';

let server: RunningTestServer;
beforeAll(async () => {
  server = await startMediaServer();
});
afterAll(() => server?.close());

const create = async (path: string, body: object, headers: Record<string, string> = {}): Promise<string> => {
  const answer = await post(`${server.base}${path}`, body, { headers });
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return JSON.parse(text).data.job_offer_id;
};
const job = async (id: string) => (await bodyOf<JobEnvelope>(get(`${server.base}/jobs/${id}`))).data;
const slow = { ...clip, steps: 30 };

test('jobs are listed newest first, page after page, by kind and state', async () => {
  const ids: string[] = [];
  for (let nth = 0; nth < 3; nth++) ids.unshift(await create('/audio/create-job', hello, { prefer: 'wait=20' }));
  const page = async (query: string) => (await bodyOf<JobPageEnvelope>(get(`${server.base}/jobs?${query}`))).data;
  const idsOf = (data: { jobs: { job_offer_id: string }[] }) => data.jobs.map(({ job_offer_id }) => job_offer_id);
  const first = await page('limit=2&kind=speech');
  expect(idsOf(first)).toEqual(ids.slice(0, 2));
  const second = await page(`limit=2&kind=speech&cursor=${first.next_cursor}`);
  expect(idsOf(second)).toEqual(ids.slice(2));
  expect(second.next_cursor).toBeNull();
  expect(idsOf(await page('kind=image'))).toEqual([]);
  expect(idsOf(await page('state=ResultsSubmitted&kind=speech'))).toEqual(ids);
  expect((await get(`${server.base}/jobs?cursor=nonsense`)).status).toBe(400);
  expect((await get(`${server.base}/jobs?limit=0`)).status).toBe(400);
});

test('a running job is cancelled, and a second cancel changes nothing', async () => {
  const id = await create('/video/create-job', slow);
  const cancel = () => bodyOf<JobEnvelope>(post(`${server.base}/jobs/${id}/cancel`, {}));
  expect(await cancel()).toMatchObject({
    message: 'Cancelled job successfully',
    data: { job_state: 'JobOfferCancelled' },
  });
  expect(await cancel()).toMatchObject({ data: { job_state: 'JobOfferCancelled' } });
  const result = await get(`${server.base}/video/results/${id}`);
  expect(result.status).toBe(409);
  expect(await result.json()).toMatchObject({
    error: { code: 'job_cancelled' },
    data: { job_offer_id: id, job_state: 'JobOfferCancelled' },
  });
});

test('a cancel after the end leaves the job as it is', async () => {
  const id = await create('/audio/create-job', hello, { prefer: 'wait=20' });
  const body = await (await post(`${server.base}/jobs/${id}/cancel`, {})).json();
  expect(body).toMatchObject({ message: 'The job was over already', data: { job_state: 'ResultsSubmitted' } });
});

test('events tell everything once, and a reader who was cut off goes on where it was', async () => {
  const id = await create('/audio/create-job', hello);
  const events = await (await get(`${server.base}/jobs/${id}/events`)).text();
  const names = [...events.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
  const schemas = { state: 'JobStateEvent', progress: 'JobProgressEvent', done: 'Job' } as const;
  for (const [, name, data] of events.matchAll(/^event: (\w+)\ndata: (.+)$/gm))
    expectToBe(schemas[name as keyof typeof schemas], JSON.parse(data ?? ''));
  expect(names.at(0)).toBe('state');
  expect(names.at(-1)).toBe('done');
  const states = [...events.matchAll(/^event: state\ndata: (.+)$/gm)].map(
    ([, data]) => JSON.parse(data ?? '').job_state,
  );
  expect(states).toEqual(['DealNegotiating', 'DealAgreed', 'ResultsSubmitted']);
  const ids = [...events.matchAll(/^id: (\d+)$/gm)].map(([, sequence]) => Number(sequence));
  expect(ids).toEqual([...ids].sort((a, b) => a - b));

  const rest = await get(`${server.base}/jobs/${id}/events`, { ...withKey(), 'last-event-id': String(ids[0]) });
  const restIds = [...(await rest.text()).matchAll(/^id: (\d+)$/gm)].map(([, sequence]) => Number(sequence));
  expect(restIds).toEqual(ids.slice(1));
});

test('a result that is not there yet says how far it is, in every way of asking', async () => {
  const id = await create('/video/create-job', slow);
  const pending = await get(`${server.base}/video/results/${id}`);
  expect(await pending.json()).toMatchObject({ status: 102, data: { job_offer_id: id } });
  expect((await get(`${server.base}/jobs/${id}/result`)).status).toBe(409);
  expect((await get(`${server.base}/videos/${id}/content`)).status).toBe(409);
  expect(await job(id)).toMatchObject({ queue_position: 0 });
  await post(`${server.base}/jobs/${id}/cancel`, {});
});

test('what is another key’s is not there', async () => {
  const id = await create('/audio/create-job', hello, { prefer: 'wait=20' });
  const made = await post(`${server.base}/keys`, { name: 'other' });
  const other = withKey((await bodyOf<CreatedKeyEnvelope>(made)).data.key);
  for (const path of [
    `/jobs/${id}`,
    `/jobs/${id}/result`,
    `/jobs/${id}/events`,
    `/audio/results/${id}`,
    `/jobs/${id}/deliveries`,
  ]) {
    expect((await get(`${server.base}${path}`, other)).status, path).toBe(404);
  }
  expect((await post(`${server.base}/jobs/${id}/cancel`, {}, { headers: other })).status).toBe(404);
  expect((await bodyOf<JobPageEnvelope>(get(`${server.base}/jobs`, other))).data.jobs).toEqual([]);
});

test.each(['nonsense', 'Qm', '..%2F..%2Fetc%2Fpasswd', `Qm${'1'.repeat(44)}`, '%00', 'a%2Fb'])(
  'an id like %s is not found',
  async (id) => {
    for (const path of [
      `/jobs/${id}`,
      `/jobs/${id}/result`,
      `/video/results/${id}`,
      `/videos/${id}`,
      `/videos/${id}/content`,
    ]) {
      expect((await get(`${server.base}${path}`)).status, path).toBe(404);
    }
  },
);

test('a picture nobody waits for any more is not drawn', async () => {
  const leaving = new AbortController();
  const drawing = post(
    `${server.base}/image/generate`,
    { prompt: 'a frog', model: 'tadpole-image', steps: 50 },
    { signal: leaving.signal },
  );
  const jobs = async () => (await bodyOf<JobPageEnvelope>(get(`${server.base}/jobs?kind=image`))).data.jobs;
  await expect.poll(async () => (await jobs()).length).toBe(1);
  leaving.abort();
  await expect(drawing).rejects.toThrow();
  await expect.poll(async () => (await jobs())[0]?.job_state).toBe('JobOfferCancelled');
});
