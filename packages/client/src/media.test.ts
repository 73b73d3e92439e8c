import { expect, test } from 'vitest';
import { createAnura } from './create-anura.js';
import { downloadVideoContent } from './operations.js';
import { errorBody, json, testServer } from './test-server.js';

const id = 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn';
const prompt = { prompt: 'A frog', model: 'tadpole-image' };

test('a picture comes as bytes with its type and job', async () => {
  await using server = await testServer((request, response, body) => {
    expect(JSON.parse(body)).toEqual(prompt);
    expect(request.headers['idempotency-key']).toBe('mine');
    response.writeHead(200, { 'content-type': 'image/png', 'job-offer-id': id }).end(Buffer.from([0x89, 0xff, 0]));
  });
  const made = await createAnura({ baseUrl: server.url }).image(prompt, { idempotencyKey: 'mine' });
  expect(made).toEqual({ bytes: Uint8Array.of(0x89, 0xff, 0), contentType: 'image/png', jobOfferId: id });
});

test("the server's error arrives instead of bytes", async () => {
  await using server = await testServer((_request, response) =>
    json(response, 404, errorBody(404, 'model_not_found', 'There is no such model.', 'model')),
  );
  await expect(createAnura({ baseUrl: server.url }).image(prompt)).rejects.toMatchObject({
    code: 'model_not_found',
    param: 'model',
  });
});

test('a result is pending until it is there', async () => {
  const data = { job_offer_id: id, job_state: 'DealAgreed', progress: 0.5 };
  await using server = await testServer((request, response) => {
    if (request.url?.includes('/video/'))
      return json(response, 200, { status: 102, message: 'Request is still processing', data }, { 'retry-after': '3' });
    response.writeHead(200, { 'content-type': 'audio/wav' }).end('RIFF');
  });
  const anura = createAnura({ baseUrl: server.url });
  expect(await anura.video.result(id)).toEqual({ state: 'pending', retryAfterMs: 3000, ...data });
  expect(await anura.audio.result(id)).toMatchObject({ state: 'ready', contentType: 'audio/wav' });
  expect(server.requests).toEqual([`GET /api/v1/video/results/${id}`, `GET /api/v1/audio/results/${id}`]);
});

test('a create says how long it waits for the end, and names the job', async () => {
  let prefer: string | string[] | undefined;
  await using server = await testServer((request, response) => {
    prefer = request.headers['prefer'];
    json(response, 200, { data: { job_offer_id: id } });
  });
  const body = { input: 'Hello', voice: 'heart' as const, model: 'flite' };
  const job = await createAnura({ baseUrl: server.url }).audio.create(body, { waitSeconds: 5 });
  expect(prefer).toBe('wait=5');
  expect(job.id).toBe(id);
});

test.each([
  ['a page of a proxy', 200, 'text/html', '<!doctype html>'],
  ['JSON', 200, 'application/json', '{}'],
  ['nothing', 204, 'image/png', ''],
  ['a part', 206, 'image/png', 'half'],
])('%s does not pass for a picture or a recording', async (_name, status, type, body) => {
  await using server = await testServer((_request, response) =>
    response.writeHead(status, { 'content-type': type }).end(body),
  );
  const anura = createAnura({ baseUrl: server.url, retries: 0 });
  for (const make of [() => anura.image(prompt), () => anura.jobs.result(id), () => anura.video.result(id)])
    await expect(make()).rejects.toMatchObject({ code: 'not_the_api', status });
});

test('a part that was asked for comes', async () => {
  await using server = await testServer((_request, response) =>
    response.writeHead(206, { 'content-type': 'image/webp' }).end('RIFF'),
  );
  const { client } = createAnura({ baseUrl: server.url });
  const { data } = await downloadVideoContent({ client, path: { video_id: id }, headers: { Range: 'bytes=0-3' } });
  expect(data).toMatchObject({ size: 4 });
});

test('an idempotency key that cannot be sent is refused by name', async () => {
  const anura = createAnura({ baseUrl: 'http://localhost:1' });
  for (const idempotencyKey of ['a\nb', '']) {
    const refusal = { code: 'invalid_options', param: 'idempotencyKey' };
    await expect(anura.image(prompt, { idempotencyKey })).rejects.toMatchObject(refusal);
    await expect(anura.video.create(prompt, { idempotencyKey })).rejects.toMatchObject(refusal);
  }
});
