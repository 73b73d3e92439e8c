import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { createAnura } from './create-anura.js';
import type { Job, JobState } from './generated/types.gen.js';
import { errorBody, json, testServer } from './test-server.js';

const id = 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn';
const made = '2026-01-01T00:00:00.000Z';

function job(job_state: JobState, more: Partial<Job> = {}): Job {
  const history = [{ state: 'DealNegotiating' as const, at: made }];
  const times = { created_at: made, updated_at: made };
  return { job_offer_id: id, job_state, kind: 'video', model: 'm', estimated_seconds: 0, history, ...times, ...more };
}

const done = job('ResultsSubmitted', { result: { content_type: 'image/webp', size_bytes: 4, url: '/' } });

function event(response: ServerResponse, name: string, data: object): ServerResponse {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  return response;
}

/** Answers `GET /jobs/{id}` with the jobs in turn, the last for good, and its events with `events`. */
const jobServer = (jobs: Job[], events: (response: ServerResponse) => void) =>
  testServer((request, response) => {
    if (request.url?.endsWith('/events')) return events(response);
    if (request.url?.endsWith('/result')) return response.writeHead(200, { 'content-type': 'image/webp' }).end('RIFF');
    json(response, 200, { data: jobs.length > 1 ? jobs.shift() : jobs[0] });
  });

test('the events are followed, and what has been before is not told again', async () => {
  await using server = await jobServer([job('DealNegotiating')], (response) => {
    event(response, 'state', { job_offer_id: id, job_state: 'DealNegotiating', at: made });
    event(response, 'state', { job_offer_id: id, job_state: 'DealAgreed', at: '2026-01-01T00:00:01.000Z' });
    event(response, 'of a newer server', {});
    response.write('event: of a newer server\ndata: no JSON\n\n');
    event(response, 'progress', { job_offer_id: id, progress: 0.5, at: made, estimated_seconds: 3 });
    event(response, 'state', { job_offer_id: id, job_state: 'ResultsSubmitted', at: '2026-01-01T00:00:02.000Z' });
    event(response, 'done', done).end();
  });
  const seen: unknown[] = [];
  const onProgress = ({ job_state, progress, estimated_seconds }: Job) =>
    seen.push([job_state, progress, estimated_seconds]);
  expect(await createAnura({ baseUrl: server.url }).waitForJob(id, { onProgress })).toEqual(done);
  expect(seen).toEqual([
    ['DealNegotiating', undefined, 0],
    ['DealAgreed', undefined, 0],
    ['DealAgreed', 0.5, 3],
    ['ResultsSubmitted', undefined, 0],
  ]);
  expect(server.requests).toEqual([`GET /api/v1/jobs/${id}`, `GET /api/v1/jobs/${id}/events`]);
});

test('a job that is over is not followed', async () => {
  await using server = await jobServer([done], () => {});
  expect(await createAnura({ baseUrl: server.url }).waitForJob(id)).toEqual(done);
  expect(server.requests).toHaveLength(1);
});

test('a server without events is asked now and then', async () => {
  await using server = await jobServer([job('DealNegotiating'), job('DealAgreed'), done], (response) =>
    json(response, 404, errorBody(404, 'no_such_operation', 'There is nothing at this path.')),
  );
  expect(await createAnura({ baseUrl: server.url }).waitForJob(id)).toEqual(done);
  expect(server.requests.filter((request) => request.endsWith('/events'))).toHaveLength(1);
  expect(server.requests).toHaveLength(4);
});

test('events that break off are followed anew', async () => {
  let follows = 0;
  await using server = await jobServer([job('DealNegotiating')], (response) => {
    event(response, 'state', { job_offer_id: id, job_state: 'DealAgreed', at: made });
    if (++follows === 2) event(response, 'done', done).end();
    else setImmediate(() => response.destroy());
  });
  expect(await createAnura({ baseUrl: server.url }).waitForJob(id)).toEqual(done);
  expect(follows).toBe(2);
});

test('a server that is away for a while is waited for', async () => {
  let asked = 0;
  await using server = await testServer((request, response) => {
    if (request.url?.endsWith('/events')) return void response.destroy();
    asked += 1;
    if (asked === 1) return json(response, 200, { data: job('DealAgreed') });
    if (asked < 4) return void response.destroy();
    json(response, 200, { data: done });
  });
  const anura = createAnura({ baseUrl: server.url, retries: 0 });
  expect(await anura.waitForJob(id)).toEqual(done);
  expect(asked).toBe(4);
});

test('a server that is busy for a while is waited for', async () => {
  let asked = 0;
  await using server = await testServer((request, response) => {
    if (request.url?.endsWith('/events'))
      return json(response, 429, errorBody(429, 'rate_limit_exceeded', 'Slowly.'), { 'retry-after': '0' });
    if (++asked === 2)
      return json(response, 429, errorBody(429, 'rate_limit_exceeded', 'Slowly.'), { 'retry-after': '0' });
    json(response, 200, { data: asked === 1 ? job('DealAgreed') : done });
  });
  expect(await createAnura({ baseUrl: server.url, retries: 0 }).waitForJob(id)).toEqual(done);
  expect(asked).toBe(3);
});

test('done is the end, though the connection stays open', async () => {
  await using server = await jobServer([job('DealAgreed')], (response) => void event(response, 'done', done));
  expect(await createAnura({ baseUrl: server.url }).waitForJob(id)).toEqual(done);
});

test('events that end without done throw to those who read them', async () => {
  await using server = await jobServer([job('DealAgreed')], (response) => {
    event(response, 'progress', { job_offer_id: id, progress: 0.5, at: made }).end();
  });
  const types: string[] = [];
  const read = async () => {
    for await (const { type } of createAnura({ baseUrl: server.url }).jobs.events(id)) types.push(type);
  };
  await expect(read()).rejects.toMatchObject({ code: 'stream_cut_off' });
  expect(types).toEqual(['progress']);
});

test('events that say nothing are not followed, and the job is asked for', async () => {
  await using server = await jobServer([job('DealAgreed'), done], (response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end('event: done\ndata: frog\n\n'),
  );
  expect(await createAnura({ baseUrl: server.url }).waitForJob(id)).toEqual(done);
});

test('waiting ends with the signal, while following and while pausing', async () => {
  for (const follows of [true, false]) {
    const controller = new AbortController();
    await using server = await jobServer([job('DealAgreed', { estimated_seconds: 600 })], (response) => {
      if (follows) event(response, 'progress', { job_offer_id: id, progress: 0.5, at: made });
      else json(response, 405, errorBody(405, 'no_such_operation', 'x'));
      setTimeout(() => controller.abort(new Error('enough')), 50);
    });
    const waiting = createAnura({ baseUrl: server.url }).waitForJob(id, { signal: controller.signal });
    await expect(waiting).rejects.toThrow('enough');
  }
});

test('a handle waits and fetches, or throws why there is nothing', async () => {
  const error = { message: 'The provider failed.', type: 'server_error', param: null, code: 'provider_failed' };
  for (const end of [done, job('ResultsSubmitted', { error }), job('JobOfferCancelled')]) {
    await using server = await testServer((request, response) => {
      if (request.method === 'POST') return json(response, 200, { data: { job_offer_id: id } });
      if (request.url?.endsWith('/result'))
        return response.writeHead(200, { 'content-type': 'image/webp' }).end('RIFF');
      json(response, 200, { data: end });
    });
    const anura = createAnura({ baseUrl: server.url });
    const result = anura.video.create({ model: 'm', prompt: 'p' }).then((handle) => handle.result());
    if (end === done) expect((await result).contentType).toBe('image/webp');
    else
      await expect(result).rejects.toMatchObject({
        code: end.error ? 'provider_failed' : 'no_result',
        jobState: end.job_state,
        message: end.error ? 'The provider failed.' : `Job ${id} ended as JobOfferCancelled, without a result.`,
      });
  }
});
