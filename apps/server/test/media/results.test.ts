import type { ErrorBody, JobCreated, JobEnvelope } from '@anura/openapi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { get, post, type RunningTestServer, withKey } from '../running-server.ts';
import { bodyOf, frog, hello, startMediaServer } from './media-server.ts';

let server: RunningTestServer;
let url: string;
let whole: Buffer;
let etag: string;
beforeAll(async () => {
  server = await startMediaServer();
  const created = await post(`${server.base}/audio/create-job`, hello, { headers: { prefer: 'wait=20' } });
  const { data } = await bodyOf<JobCreated>(created);
  expect(created.headers.get('preference-applied')).toBe('wait=20');
  expect(data.job_state).toBe('ResultsSubmitted');
  url = `${server.base}/audio/results/${data.job_offer_id}`;
  const answer = await get(url);
  etag = answer.headers.get('etag') ?? '';
  whole = Buffer.from(await answer.arrayBuffer());
});
afterAll(() => server?.close());

const ask = (headers: Record<string, string>) => get(url, { ...withKey(), ...headers });

test('the whole result says what it is, how long, and under which name to save it', async () => {
  const { headers } = await ask({});
  expect(headers.get('content-length')).toBe(String(whole.length));
  expect(headers.get('accept-ranges')).toBe('bytes');
  expect(headers.get('content-disposition')).toMatch(/^inline; filename="Qm\w{44}\.wav"$/);
  expect(headers.get('job-offer-id')).toMatch(/^Qm/);
});

test('a part comes as that part', async () => {
  const answer = await ask({ range: 'bytes=8-11' });
  expect(answer.status).toBe(206);
  expect(answer.headers.get('content-range')).toBe(`bytes 8-11/${whole.length}`);
  expect(await answer.text()).toBe('WAVE');
  const end = Buffer.from(await (await ask({ range: 'bytes=-100' })).arrayBuffer());
  expect(end.equals(whole.subarray(-100))).toBe(true);
});

test('a part after the end is refused with the length', async () => {
  const answer = await ask({ range: `bytes=${whole.length}-` });
  expect(answer.status).toBe(416);
  expect(answer.headers.get('content-range')).toBe(`bytes */${whole.length}`);
  expect((await bodyOf<ErrorBody>(answer)).error).toMatchObject({ param: 'Range', code: 'range_not_satisfiable' });
});

test('what the caller has already is not sent again', async () => {
  const answer = await ask({ 'if-none-match': etag });
  expect([answer.status, await answer.text()]).toEqual([304, '']);
  expect((await ask({ 'if-none-match': '"other"' })).status).toBe(200);
});

test('a part of something else than the caller has is sent whole', async () => {
  expect((await ask({ range: 'bytes=0-3', 'if-range': '"other"' })).status).toBe(200);
  expect((await ask({ range: 'bytes=0-3', 'if-range': etag })).status).toBe(206);
});

test('a job whose result was fetched whole is accepted, a part does not count', async () => {
  const created = await post(`${server.base}/audio/create-job`, hello, { headers: { prefer: 'wait=20' } });
  const id = (await bodyOf<JobCreated>(created)).data.job_offer_id;
  const stateOf = async () => (await bodyOf<JobEnvelope>(get(`${server.base}/jobs/${id}`))).data.job_state;
  await (await get(`${server.base}/audio/results/${id}`, { ...withKey(), range: 'bytes=0-3' })).arrayBuffer();
  expect(await stateOf()).toBe('ResultsSubmitted');
  await (await get(`${server.base}/audio/results/${id}`)).arrayBuffer();
  await expect.poll(stateOf).toBe('ResultsAccepted');
  expect((await get(`${server.base}/audio/results/${id}`)).status).toBe(200);
});

test('the same result is at the path of its job, a picture only there', async () => {
  const drawn = await post(`${server.base}/image/generate`, frog);
  const id = drawn.headers.get('job-offer-id');
  const again = await get(`${server.base}/jobs/${id}/result`);
  expect(again.headers.get('content-type')).toBe('image/png');
  expect(Buffer.from(await again.arrayBuffer()).equals(Buffer.from(await drawn.arrayBuffer()))).toBe(true);
});

test('the kinds do not answer for each other', async () => {
  const { status } = await get(url.replace('/audio/', '/video/'));
  expect(status).toBe(404);
});
