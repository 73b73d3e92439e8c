import type { ErrorBody, JobCreated, OpenAIImages } from '@anura/openapi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { post, type RunningTestServer } from '../running-server.ts';
import { bodyOf, frog, hello, startMediaServer } from './media-server.ts';

let server: RunningTestServer;
beforeAll(async () => {
  server = await startMediaServer();
});
afterAll(() => server?.close());

const ask = (path: string, body: object, key: string) =>
  post(`${server.base}${path}`, body, { headers: { 'idempotency-key': key } });

test('the same key and body get the same job, however often and however close together', async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask('/audio/create-job', hello, 'one')));
  const ids = await Promise.all(answers.map(async (answer) => (await bodyOf<JobCreated>(answer)).data.job_offer_id));
  expect(new Set(ids).size).toBe(1);
  expect(answers.filter((answer) => answer.headers.get('idempotent-replayed') === 'true')).toHaveLength(4);
});

test('the same key with another body is refused', async () => {
  await ask('/audio/create-job', hello, 'two');
  const answer = await ask('/audio/create-job', { ...hello, voice: 'puck' }, 'two');
  expect(answer.status).toBe(409);
  expect((await bodyOf<ErrorBody>(answer)).error.param).toBe('Idempotency-Key');
});

test('a picture is drawn once and sent as often as it is asked for', async () => {
  const [one, two] = await Promise.all([ask('/image/generate', frog, 'three'), ask('/image/generate', frog, 'three')]);
  expect(two.headers.get('job-offer-id')).toBe(one.headers.get('job-offer-id'));
  const [first, second] = [Buffer.from(await one.arrayBuffer()), Buffer.from(await two.arrayBuffer())];
  expect(first.equals(second)).toBe(true);
});

test('several pictures of one request are as many jobs, and the same again', async () => {
  const pictures = async () => (await bodyOf<OpenAIImages>(ask('/images/generations', { ...frog, n: 2 }, 'four'))).data;
  const [first, second] = [await pictures(), await pictures()];
  expect(first).toHaveLength(2);
  expect(second).toEqual(first);
});
