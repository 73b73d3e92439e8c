import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { AnuraError } from './anura-error.js';
import { createAnura } from './create-anura.js';
import { errorBody, json, testServer } from './test-server.js';

const messages = [{ role: 'user' as const, content: 'Hello' }];

async function errorOf(promise: Promise<unknown>): Promise<AnuraError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (AnuraError.is(error)) return error;
  throw new Error('no AnuraError was thrown', { cause: error });
}

test('every call carries the key, and an envelope resolves to its data', async () => {
  await using server = await testServer((request, response) =>
    json(response, 200, { status: 200, message: 'ok', data: { keys: [{ id: request.headers.authorization }] } }),
  );
  const keys = await createAnura({ baseUrl: server.url, apiKey: ' anr_1\n' }).keys.list();
  expect(keys).toEqual([{ id: 'Bearer anr_1' }]);
  expect(server.requests).toEqual(['GET /api/v1/keys']);
});

test('names and queries are escaped', async () => {
  await using server = await testServer((_request, response) => json(response, 200, { data: {} }));
  const anura = createAnura({ baseUrl: `${server.url}/v1/` });
  await errorOf(anura.models.get('library/llama3.1:8b'));
  await anura.usage({ from: '2025-03-01', model: 'a&b' });
  expect(server.requests).toEqual([
    'GET /v1/models/library%2Fllama3.1%3A8b',
    'GET /v1/usage?from=2025-03-01&model=a%26b',
  ]);
});

test('a plain chat asks for a plain answer', async () => {
  await using server = await testServer((_request, response, body) =>
    json(response, 200, { choices: [], ...JSON.parse(body) }),
  );
  const request = { model: 'tadpole', messages, stream: true };
  const answer = await createAnura({ baseUrl: server.url }).chat.create(request);
  expect(answer).toEqual({ choices: [], model: 'tadpole', messages, stream: false });
});

test("the server's error arrives whole", async () => {
  await using server = await testServer((_request, response) =>
    json(
      response,
      429,
      { ...errorBody(429, 'queue_full', '64 requests already wait.', 'model'), data: { waiting: 64 } },
      { 'retry-after': '9', 'x-request-id': 'req_1' },
    ),
  );
  const error = await errorOf(
    createAnura({ baseUrl: server.url, retries: 0 }).chat.create({ model: 'tadpole', messages }),
  );
  expect(error).toMatchObject({
    message: '64 requests already wait.',
    status: 429,
    code: 'queue_full',
    param: 'model',
    requestId: 'req_1',
    retryAfterMs: 9000,
    data: { waiting: 64 },
  });
  expect(server.requests).toHaveLength(1);
});

test('no server at the URL', async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => probe.once('listening', listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  const error = await errorOf(createAnura({ baseUrl: `http://127.0.0.1:${port}`, retries: 0 }).health());
  expect(error.code).toBe('no_server');
  expect(error.message).toBe(
    `Nothing listens at http://127.0.0.1:${port}/api/v1. Is the server running? \`anura serve\` starts it.`,
  );
});

test.each([
  [502, 'text/html', '<html>Bad Gateway</html>', 'a proxy stands before the server and could not reach it'],
  [200, 'text/html', '<!doctype html>', 'something other than the API is there'],
  [404, 'text/plain', '404 page not found', 'no Anura API is there'],
  [404, 'application/json', '{"detail":"Not Found"}', 'no Anura API is there'],
  [200, 'application/json', '{"cut":', 'something that no Anura server says'],
  [200, 'application/json', '{}', 'something that no Anura server says'],
  [200, 'application/json', 'null', 'something that no Anura server says'],
  [200, 'application/json', '[]', 'something that no Anura server says'],
  [204, 'application/json', '', 'something that no Anura server says'],
  [206, 'application/json', '{"data":[]}', 'something that no Anura server says'],
])('HTTP %i with %s %o is told apart', async (status, type, body, message) => {
  await using server = await testServer((_request, response) =>
    response.writeHead(status, { 'content-type': type }).end(body),
  );
  const error = await errorOf(createAnura({ baseUrl: server.url, retries: 0 }).models.list());
  expect(error).toMatchObject({ code: 'not_the_api', status });
  expect(error.message).toContain(message);
  expect(error.message).toContain(server.url);
  expect(error.message).not.toContain('\n');
});

test('a connection that breaks inside the answer', async () => {
  await using server = await testServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"data":');
    setImmediate(() => response.destroy());
  });
  const error = await errorOf(createAnura({ baseUrl: server.url, retries: 0 }).models.list());
  expect(error.message).toContain('closed the connection before the answer was complete');
});

test.each([404, 405])('a server that has not the operation (HTTP %i) is older than the client', async (status) => {
  await using server = await testServer((_request, response) =>
    json(response, status, errorBody(status, 'no_such_operation', 'There is nothing at this path.')),
  );
  const error = await errorOf(createAnura({ baseUrl: server.url }).usage());
  expect(error).toMatchObject({ code: 'server_too_old', status });
  expect(error.message).toMatch(/is older than this client \(\d+\.\d+\.\d+\)\. Update the server/);
});

test('silence ends the call after timeoutMs', async () => {
  await using server = await testServer(() => {});
  const error = await errorOf(createAnura({ baseUrl: server.url, timeoutMs: 50 }).models.list());
  expect(error.code).toBe('timeout');
  expect(error.message).toContain('said nothing for 0.1 s');
});

test("the caller's signal ends the call with its reason", async () => {
  await using server = await testServer(() => controller.abort(new Error('changed my mind')));
  const controller = new AbortController();
  const call = createAnura({ baseUrl: server.url }).models.list({ signal: controller.signal });
  await expect(call).rejects.toThrow('changed my mind');
});

test('a key that cannot be one is refused without being shown', () => {
  const make = () => createAnura({ baseUrl: 'http://localhost', apiKey: 'anr_secret\nX-Evil: 1' });
  expect(make).toThrow(expect.objectContaining({ code: 'invalid_options', param: 'apiKey' }));
  expect(make).not.toThrow('anr_secret');
});

test('a fetch of your own is used', async () => {
  const fetch = async () => Response.json({ object: 'list', data: [] });
  expect(await createAnura({ baseUrl: 'http://nowhere.invalid', fetch }).models.list()).toEqual([]);
});

test('bytes where data belongs are told, not passed on as nothing', async () => {
  await using server = await testServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end('?'),
  );
  const anura = createAnura({ baseUrl: server.url });
  expect((await errorOf(anura.models.list())).code).toBe('not_the_api');
  expect((await errorOf(anura.waitForJob('Qm'))).code).toBe('not_the_api');
});

test.each([
  ['a POST that came as a GET', 'POST', 405, errorBody(405, 'no_such_operation', 'There is nothing at this path.')],
  ['a key that another host is not given', 'GET', 401, errorBody(401, 'invalid_api_key', 'No key was sent.')],
])('a redirect is named as what went wrong: %s', async (_name, method, status, body) => {
  await using server = await testServer((request, response) => {
    if (request.url?.startsWith('/there')) return json(response, status, body);
    response.writeHead(301, { location: `/there${request.url}` }).end();
  });
  const anura = createAnura({ baseUrl: server.url, apiKey: 'anr_1' });
  const error = await errorOf(method === 'GET' ? anura.models.list() : anura.chat.create({ model: 'm', messages }));
  expect(error).toMatchObject({ code: 'not_the_api', status });
  expect(error.message).toContain(`leads on to ${server.url}/there/api/v1/`);
});

test.each([
  ['-5', undefined],
  ['soon', undefined],
  ['1.5', 1_500],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
])('a Retry-After of %o is %o ms', async (value, retryAfterMs) => {
  await using server = await testServer((_request, response) =>
    json(response, 429, errorBody(429, 'queue_full', 'Busy.'), { 'retry-after': value }),
  );
  const error = await errorOf(createAnura({ baseUrl: server.url, retries: 0 }).models.list());
  expect(error.retryAfterMs).toBe(retryAfterMs);
});

test('an error in the words of another server has the types of ours, and one line', async () => {
  const body = { error: { message: 'No.\n  Not so.\n', code: 404, param: 7 }, status: '404', data: 'x' };
  await using server = await testServer((_request, response) => json(response, 404, body));
  const { message, code, param, data } = await errorOf(createAnura({ baseUrl: server.url }).models.list());
  expect({ message, code, param, data }).toEqual({
    message: 'No. Not so.',
    code: 'unknown',
    param: undefined,
    data: undefined,
  });
});

test('a long answer over a slow line is no silence', async () => {
  await using server = await testServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    const pieces = [...'{"object":"list","data":[]}'];
    const drip = setInterval(() => response.write(pieces.shift() ?? '') && pieces.length === 0 && end(), 10);
    const end = () => {
      clearInterval(drip);
      response.end();
    };
  });
  expect(await createAnura({ baseUrl: server.url, timeoutMs: 100 }).models.list()).toEqual([]);
});

test.each([
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout', 'Use chat.stream'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'no_server', 'NODE_EXTRA_CA_CERTS'],
])('%s is told as what it is', async (reason, code, message) => {
  const cause = Object.assign(new Error('x'), { code: reason });
  const fetch = () => Promise.reject(new TypeError('fetch failed', { cause }));
  const error = await errorOf(createAnura({ baseUrl: 'https://localhost', fetch, retries: 0 }).models.list());
  expect(error.code).toBe(code);
  expect(error.message).toContain(message);
});

test('an id that is none is refused, and does not list everything', async () => {
  await using server = await testServer((_request, response) => json(response, 200, { data: { jobs: [] } }));
  const anura = createAnura({ baseUrl: server.url });
  const unset: string = JSON.parse('null');
  for (const id of ['', '..', unset]) {
    const refusal = { code: 'invalid_options', param: 'id' };
    await expect(anura.waitForJob(id)).rejects.toMatchObject(refusal);
    await expect(anura.jobs.result(id)).rejects.toMatchObject(refusal);
    await expect(anura.video.result(id)).rejects.toMatchObject(refusal);
    await expect(anura.jobs.events(id).next()).rejects.toMatchObject(refusal);
    await expect(anura.keys.revoke(id)).rejects.toMatchObject(refusal);
  }
  expect(server.requests).toEqual([]);
});

test('calls leave nothing behind on a signal that they share', async () => {
  await using server = await testServer((request, response) =>
    request.url?.endsWith('/image/generate')
      ? response.writeHead(200, { 'content-type': 'image/png' }).end('PNG')
      : json(response, 200, { object: 'list', data: [] }),
  );
  const { signal } = new AbortController();
  const anura = createAnura({ baseUrl: server.url });
  for (let call = 0; call < 10; call++) await anura.models.list({ signal });
  await anura.image({ model: 'm', prompt: 'A frog' }, { signal });
  await errorOf(anura.chat.stream({ model: 'm', messages }, { signal }).answer());
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test.each(['application/json', 'application/octet-stream'])('%s without an answer in it is told', async (type) => {
  await using server = await testServer((_request, response) =>
    response.writeHead(200, { 'content-type': type }).end('{"detail":"ok"}'),
  );
  const anura = createAnura({ baseUrl: server.url });
  const model = 'm';
  expect((await errorOf(anura.chat.create({ model, messages }))).code).toBe('not_the_api');
  expect((await errorOf(anura.embeddings.create({ model, input: 'x' }))).code).toBe('not_the_api');
  expect((await errorOf(anura.search({ query: 'x', number_of_results: 1 }))).code).toBe('not_the_api');
});
