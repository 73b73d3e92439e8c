import { afterAll, beforeAll, expect, test } from 'vitest';
import { proves } from '../proves.ts';
import { rawExchange } from '../raw-exchange.ts';
import { get, type RunningTestServer, testKey, withKey } from '../running-server.ts';
import { expectError, expectUnharmed, startDoorServer } from './door-server.ts';

let server: RunningTestServer;
beforeAll(async () => {
  server = await startDoorServer();
});
afterAll(async () => {
  await expectUnharmed(server);
  await server.close();
});

test.each(['/api/v1/frogs', '/api/v1', '/api/v2/models', '/favicon.ico', '/docs/../../package.json', '/v1/../v1x'])(
  '%s is 404',
  async (path) => {
    await expectError(await get(server.url + path), 404);
  },
);

test.each([
  ['DELETE', '/models', 'GET'],
  ['GET', '/chat/completions', 'POST'],
  ['PUT', '/keys', 'GET, POST'],
])('%s %s is 405 and says which methods there are', async (method, path) => {
  const response = await fetch(server.base + path, { method, headers: withKey() });
  const { error } = await expectError(response, 405);
  expect(error.message).toMatch(/method/);
});

test('a stranger learns no more from an unknown path than from a known one', async () => {
  for (const path of ['/frogs', '/models', '/keys']) await expectError(await fetch(server.base + path), 401);
});

/** fetch would put these right before sending them. */
const sendPath = (path: string) =>
  rawExchange(
    server.url,
    `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${testKey}\r\nConnection: close\r\n\r\n`,
  );

test.each([
  '/api/v1/models/%',
  '/api/v1/models/%zz',
  '/api/v1/models/%ff%fe',
  '/api/v1/models/%00',
  '/api/v1/models/..%2f..%2fetc%2fpasswd',
  '/api/v1/models/../../../etc/passwd',
  '/api/v1/jobs/%c0%ae',
  '/api/v1/usage?from=%',
  '/api/v1/usage?from[]=2026-01-01&from[a]=b',
  '/api/v1/usage?__proto__[x]=y&from=never',
  `/api/v1/models/${'a'.repeat(8000)}`,
  '/%2e%2e/',
  'http://elsewhere.example/api/v1/none',
])('%s is a 4xx with a message', async (path) => {
  const { statuses, text } = await sendPath(path);
  expect(statuses).toHaveLength(1);
  expect(statuses[0], text).toBeGreaterThanOrEqual(400);
  expect(statuses[0], text).toBeLessThan(500);
  expect(text).toContain('"error"');
});

proves('http-base-url-slash')('slashes too many do no harm', async () => {
  for (const url of [`${server.url}/api/v1//models`, `${server.url}//api//v1/models/`, `${server.url}/v1//models`])
    expect((await get(url)).status, url).toBe(200);
});

proves('models-by-modality', 'http-no-content-type-on-get')('the lists by modality need no Content-Type', async () => {
  for (const modality of ['image', 'video', 'audio']) {
    const response = await get(`${server.base}/${modality}/models`, { authorization: `Bearer ${testKey}` });
    expect(await response.json()).toEqual({
      data: { models: [] },
      message: 'Retrieved models successfully',
      status: 200,
    });
  }
});

test('a model whose name has a slash or a percent is found', async () => {
  await expectError(await get(`${server.base}/models/${encodeURIComponent('a/b%c')}`), 404);
  expect((await get(`${server.base}/models/m`)).status).toBe(200);
});
