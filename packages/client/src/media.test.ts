import { expect, test, vi } from 'vitest';
import { createAnura } from './create-anura.js';
import { errorBody, json, testServer } from './test-server.js';
import { pollDelayMs } from './wait-for-job.js';

const id = 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn';
const prompt = { prompt: 'A frog', model: 'tadpole-image' };

test('a picture comes as bytes with its type and job', async () => {
  await using server = await testServer((request, response, body) => {
    expect(JSON.parse(body)).toEqual(prompt);
    expect(request.headers['idempotency-key']).toBe('mine');
    response.writeHead(200, { 'content-type': 'image/png', 'job-offer-id': id }).end(Buffer.from([0x89, 0xff, 0]));
  });
  const made = await createAnura({ baseUrl: server.url }).generateImage(prompt, { idempotencyKey: 'mine' });
  expect(made).toEqual({ bytes: Uint8Array.of(0x89, 0xff, 0), contentType: 'image/png', jobOfferId: id });
});

test("the server's error arrives instead of bytes", async () => {
  await using server = await testServer((_request, response) =>
    json(response, 404, errorBody(404, 'model_not_found', 'There is no such model.', 'model')),
  );
  await expect(createAnura({ baseUrl: server.url }).generateImage(prompt)).rejects.toMatchObject({
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
  expect(await anura.getVideoResult(id)).toEqual({ state: 'pending', retryAfterMs: 3000, ...data });
  expect(await anura.getAudioResult(id)).toMatchObject({ state: 'ready', contentType: 'audio/wav' });
  expect(server.requests).toEqual([`GET /api/v1/video/results/${id}`, `GET /api/v1/audio/results/${id}`]);
});

test('a job is asked for until it is over', async () => {
  const states = ['DealNegotiating', 'DealAgreed', 'ResultsSubmitted'];
  await using server = await testServer((_request, response) =>
    json(response, 200, { data: { job_state: states.shift(), estimated_seconds: 0 } }),
  );
  const onProgress = vi.fn();
  const job = await createAnura({ baseUrl: server.url }).waitForJob(id, { onProgress });
  expect(job.job_state).toBe('ResultsSubmitted');
  expect(onProgress).toHaveBeenCalledTimes(3);
});

test('waiting ends with the signal', async () => {
  await using server = await testServer((_request, response) => {
    json(response, 200, { data: { job_state: 'DealAgreed' } });
    setImmediate(() => controller.abort(new Error('enough')));
  });
  const controller = new AbortController();
  const waiting = createAnura({ baseUrl: server.url }).waitForJob(id, { signal: controller.signal });
  await expect(waiting).rejects.toThrow('enough');
});

test('a job that should be over soon is asked for more often', () => {
  const delays = [0, 2, 8, 600, null].map((estimated_seconds) => pollDelayMs({ estimated_seconds }));
  expect(delays).toEqual([250, 500, 2000, 5000, 1000]);
});

test('a create says how long it waits for the end', async () => {
  await using server = await testServer((request, response) =>
    json(response, 200, { data: { job_offer_id: id, prefer: request.headers['prefer'] } }),
  );
  const body = { input: 'Hello', voice: 'heart' as const, model: 'flite' };
  expect(await createAnura({ baseUrl: server.url }).createAudioJob(body, { waitSeconds: 5 })).toMatchObject({
    prefer: 'wait=5',
  });
});
