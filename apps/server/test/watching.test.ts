import { afterAll, beforeAll, expect, test } from 'vitest';
import { CapturedLog } from './captured-log.ts';
import { proves } from './proves.ts';
import { get, post, type RunningTestServer, runServer, testKey } from './running-server.ts';
import { finish, piece, scriptedProvider } from './scripted-provider.ts';

const secretPrompt = 'the frog is in the well';
const hello = { model: 'm', messages: [{ role: 'user', content: secretPrompt }] };
const model = scriptedProvider('m', async function* () {
  yield piece('the answer is ');
  yield piece('forty-two');
  yield finish;
});
const log = new CapturedLog();

let server: RunningTestServer;
beforeAll(async () => {
  server = await runServer({ providers: [model], logTo: log });
});
afterAll(() => server.close());

test('health and readiness need no key', async () => {
  expect(await (await get(`${server.url}/healthz`, {})).json()).toEqual({ status: 'ok' });
  expect(await (await get(`${server.url}/readyz`, {})).json()).toEqual({ status: 'ready' });
  expect(await (await get(`${server.base}/health`, {})).json()).toMatchObject({
    status: 200,
    data: { state: 'ok', models: 1, requests_running: 0, requests_waiting: 0, version: expect.any(String) },
  });
});

test('health says when there is no model to ask', async () => {
  await using empty = await runServer();
  expect(await (await get(`${empty.base}/health`, {})).json()).toMatchObject({
    data: { state: 'degraded', models: 0 },
  });
});

const lineOfPrometheus =
  /^(# (HELP|TYPE) [a-z_:][\w:]* .+|[a-z_:][\w:]*(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[\d.e+-]+|)$/i;

test('metrics are Prometheus text, by the names of OpenTelemetry', async () => {
  await (await post(`${server.base}/chat/completions`, { ...hello, stream: true })).text();
  const response = await get(`${server.url}/metrics`, {});
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const text = await response.text();
  for (const line of text.split('\n')) expect(line).toMatch(lineOfPrometheus);
  const labels = 'gen_ai_operation_name="chat",gen_ai_request_model="m"';
  expect(text).toContain(`gen_ai_server_request_duration_seconds_count{${labels},error_type=""} 1`);
  expect(text).toContain(`gen_ai_server_time_to_first_token_seconds_count{${labels}} 1`);
  expect(text).toContain(`gen_ai_client_token_usage_sum{${labels},gen_ai_token_type="input"} 3`);
  expect(text).toContain(`gen_ai_client_token_usage_sum{${labels},gen_ai_token_type="output"} 2`);
  expect(text).toMatch(/anura_requests_running 0\n/);
  expect(text).toContain('anura_http_requests_total{operation="createChatCompletion",status="200"} 1');
});

test('nothing a caller says becomes a label of its own', async () => {
  const seriesNow = async () =>
    (await (await get(`${server.url}/metrics`, {})).text()).match(/^(anura|gen_ai)_.*\{.*\}/gm);
  const strange = (at: number) => [
    post(`${server.base}/chat/completions`, { ...hello, model: `model-${at}` }),
    post(`${server.base}/embeddings`, { input: 'x', model: `model-${at}` }),
    get(`${server.base}/models/model-${at}`),
    get(`${server.base}/path-${at}`),
    fetch(`${server.base}/models`, { method: `M${at}`, headers: { authorization: `Bearer ${testKey}` } }),
  ];
  for (const at of [0, 1]) await Promise.all(strange(at)); // the second time all series of the first are counted
  const before = await seriesNow();
  for (let at = 2; at < 10; at++) await Promise.all(strange(at));
  expect(await seriesNow()).toEqual(before);
});

proves('http-cors')('a page of another origin may call and read the named headers', async () => {
  const preflight = await fetch(`${server.base}/chat/completions`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type, x-stainless-lang',
    },
  });
  expect(preflight.status).toBe(204);
  const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase();
  for (const name of ['authorization', 'content-type', 'accept', 'x-api-key', 'idempotency-key', 'x-stainless-lang'])
    expect(allowed).toContain(name);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');

  for (const headers of [{ authorization: `Bearer ${testKey}` }, { authorization: 'Bearer wrong' }]) {
    const answer = await get(`${server.base}/models`, { ...headers, origin: 'https://app.example' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const exposed = answer.headers.get('access-control-expose-headers')?.toLowerCase();
    for (const name of ['job-offer-id', 'retry-after', 'x-request-id', 'x-ratelimit-limit', 'x-ratelimit-reset'])
      expect(exposed).toContain(name);
  }
});

test('only listed origins are allowed once there is a list', async () => {
  await using strict = await runServer({ configFile: 'cors_origins: ["https://app.example"]\n' });
  const originsFor = async (origin: string) =>
    (await get(`${strict.url}/healthz`, { origin })).headers.get('access-control-allow-origin');
  expect(await originsFor('https://app.example')).toBe('https://app.example');
  expect(await originsFor('https://evil.example')).toBeNull();
});

proves('http-request-id')('a request keeps a sensible id of its own and gets one otherwise', async () => {
  const idFor = async (given: string) =>
    (await get(`${server.url}/healthz`, { 'x-request-id': given })).headers.get('x-request-id');
  expect(await idFor('my-trace.42')).toBe('my-trace.42');
  for (const given of ['', 'a b', 'x'.repeat(200), '<script>', testKey]) expect(await idFor(given)).toMatch(/^req_/);
});

test('Server-Timing tells where the time went', async () => {
  const plain = await post(`${server.base}/chat/completions`, hello);
  const phases = [...(plain.headers.get('server-timing') ?? '').matchAll(/(\w+);dur=(\d+\.\d+)/g)];
  expect(phases.map(([, phase]) => phase)).toEqual(['auth', 'queue', 'first_token', 'total']);
  const stream = await post(`${server.base}/chat/completions`, { ...hello, stream: true });
  expect(stream.headers.get('server-timing')).toMatch(/^auth;dur=/);
  await stream.text();
});

test('each request is one log line, without what was asked and answered', async () => {
  const id = 'line-under-test';
  const asked = await post(`${server.base}/chat/completions`, hello, { headers: { 'x-request-id': id } });
  await asked.text();
  await expect.poll(() => log.lines.filter(({ requestId }) => requestId === id)).toHaveLength(1);
  const line = log.lines.find(({ requestId }) => requestId === id);
  expect(line).toMatchObject({ method: 'POST', operation: 'createChatCompletion', status: 200, msg: 'request' });
  expect(line).toHaveProperty('keyId');
  for (const secret of [secretPrompt, 'forty-two', testKey]) expect(log.text).not.toContain(secret);
});

test('a refused request is logged with its operation and why', async () => {
  await post(
    `${server.base}/chat/completions`,
    { ...hello, temperature: 9 },
    { headers: { 'x-request-id': 'refused' } },
  );
  await expect
    .poll(() => log.lines.find(({ requestId }) => requestId === 'refused'))
    .toMatchObject({ operation: 'createChatCompletion', status: 400, error: 'invalid-request' });
});

test('prompts and answers are logged when the operator asks for them', async () => {
  const open = new CapturedLog();
  await using talkative = await runServer({ providers: [model], logTo: open, flags: { 'log.prompts': true } });
  for (const stream of [false, true])
    await (await post(`${talkative.base}/chat/completions`, { ...hello, stream })).text();
  const texts = (msg: string) => open.lines.filter((line) => line['msg'] === msg).map((line) => JSON.stringify(line));
  await expect.poll(() => texts('answer')).toEqual(Array(2).fill(expect.stringContaining('the answer is forty-two')));
  expect(texts('prompt')).toEqual(Array(2).fill(expect.stringContaining(secretPrompt)));
  expect(open.text).not.toContain(testKey);
});
