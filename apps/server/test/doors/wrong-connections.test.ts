import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectToBe } from '../contract-schemas.ts';
import { proves } from '../proves.ts';
import { jsonHead, rawExchange } from '../raw-exchange.ts';
import { get, type RunningTestServer, testKey } from '../running-server.ts';
import { expectError, expectUnharmed, startDoorServer } from './door-server.ts';

let server: RunningTestServer;
beforeAll(async () => {
  server = await startDoorServer();
});
afterEach(() => expectUnharmed(server));
afterAll(() => server.close());

const path = '/api/v1/chat/completions';
const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] });
const withLength = (length: number | string) => `${jsonHead(path, testKey)}Content-Length: ${length}\r\n`;
const whole = `${withLength(body.length)}\r\n${body}`;

test('a request cut in half leaves nothing behind', async () => {
  for (const cut of [10, 60, whole.length - body.length + 5, whole.length - 1])
    await rawExchange(server.url, whole.slice(0, cut), { hangUp: true });
  const { requests_running } = ((await (await get(`${server.base}/health`)).json()) as { data: Record<string, number> })
    .data;
  expect(requests_running).toBe(0);
});

proves('errors-413')('a body announced as 30 MB is refused unread, and the connection is closed', async () => {
  const { statuses, text } = await rawExchange(server.url, `${withLength(30_000_000)}\r\n{"model":`);
  expect(statuses).toEqual([413]);
  expect(text).toMatch(/connection: close/i);
});

proves('errors-413')('a body without an announced length is given up at the limit', async () => {
  const chunk = `100000\r\n${' '.repeat(0x100000)}\r\n`;
  const head = `${jsonHead(path, testKey)}Transfer-Encoding: chunked\r\n\r\n`;
  const { statuses } = await rawExchange(server.url, head + chunk.repeat(21));
  expect(statuses).toEqual([413]);
});

test('a body longer than it said is cut and what follows is no request', async () => {
  const { statuses } = await rawExchange(server.url, `${withLength(body.length - 5)}\r\n${body}`, {
    until: /400 Bad Request[\s\S]*400 /,
  });
  expect(statuses[0]).toBe(400);
});

test('requests in a row on one connection are answered in order', async () => {
  const last = whole.replace('Host:', 'Connection: close\r\nHost:');
  const { statuses } = await rawExchange(server.url, `${whole}${whole}GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n${last}`);
  expect(statuses).toEqual([200, 200, 200, 200]);
});

test.each([
  ['chunks that are no chunks', `${jsonHead(path, testKey)}Transfer-Encoding: chunked\r\n\r\nzz\r\n${body}`],
  ['a chunk size without end', `${jsonHead(path, testKey)}Transfer-Encoding: chunked\r\n\r\n${'f'.repeat(64)}\r\n`],
  ['a length and chunks at once', `${withLength(5)}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['two lengths', `${withLength(5)}Content-Length: 6\r\n\r\nhello`],
  ['a length that is no number', `${withLength('many')}\r\nhello`],
  ['a length below 0', `${withLength(-5)}\r\nhello`],
  ['a header with a line break in it', `GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b\nno header\r\n\r\n`],
  ['bytes of another protocol', Buffer.from('160301020001000001fc0303', 'hex')],
  ['a method nobody knows', 'FROG / HTTP/1.1\r\nHost: x\r\n\r\n'],
])('%s are 400 and the connection ends', async (_what, bytes) => {
  const { statuses, text } = await rawExchange(server.url, bytes);
  expect(statuses).toEqual([400]);
  expectToBe('ErrorBody', JSON.parse(text.slice(text.indexOf('\r\n\r\n'))));
});

test('headers over 16 KB are 431', async () => {
  const huge = `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`;
  expect((await rawExchange(server.url, huge)).statuses).toEqual([431]);
});

proves('errors-401')('keys of every wrong kind are 401 and never shown', async () => {
  const wrong = ['Bearer', 'Bearer ', 'Basic abc', `Bearer ${testKey}x`, `Bearer ${testKey.slice(0, -1)}`, testKey];
  const strange = [
    `Bearer ${'k'.repeat(10_000)}`,
    'Bearer ünknown',
    `Bearer ${testKey} ${testKey}`,
    'Bearer __proto__',
  ];
  for (const authorization of [...wrong, ...strange]) {
    const given = { authorization: Buffer.from(authorization).toString('latin1') };
    const response = await fetch(`${server.base}/models`, { headers: given });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    const { error } = await expectError(response, 401);
    expect(error.code).toBe('invalid_api_key');
    expect(error.message).not.toContain(testKey.slice(4, 20));
  }
  await expectError(await fetch(`${server.base}/models`), 401);
});

test('a key with a line break or of a megabyte never gets to be a header', async () => {
  const request = (key: string) => `GET /api/v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`;
  expect((await rawExchange(server.url, request(`${testKey}\nX: y`), { until: /\r\n\r\n/ })).statuses).not.toContain(
    200,
  );
  expect((await rawExchange(server.url, request('k'.repeat(1_000_000)))).statuses).toEqual([431]);
});
