import { type AnuraError, createAnura } from '@anura/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningTestServer, runServer, testKey } from '../running-server.ts';

let server: RunningTestServer;
beforeAll(async () => {
  server = await runServer();
});
afterAll(() => server.close());

/** What a person is told. */
const messageOf = async (call: Promise<unknown>): Promise<AnuraError> =>
  call.then(
    () => expect.fail('nothing was wrong'),
    (error: AnuraError) => error,
  );

test('a base URL with a path that leads nowhere', async () => {
  const { code, message } = await messageOf(createAnura({ baseUrl: `${server.url}/anura`, apiKey: testKey }).usage());
  expect(code).toBe('not_the_api');
  expect(message).toMatch(/The base URL is .* with or without \/api\/v1/);
});

test('the server’s web pages', async () => {
  const { code, message } = await messageOf(createAnura({ baseUrl: `${server.url}/docs/v1` }).models.list());
  expect(code).toBe('not_the_api');
  expect(message).not.toContain('\n');
});

test('no key, a wrong key, an expired key', async () => {
  const admin = createAnura({ baseUrl: server.url, apiKey: testKey });
  const expired = await admin.keys.create({ name: 'short', expires_at: new Date(Date.now() + 1_000).toISOString() });
  const messages = [
    await messageOf(createAnura({ baseUrl: server.url }).models.list()),
    await messageOf(createAnura({ baseUrl: server.url, apiKey: `anr_${'0'.repeat(64)}` }).models.list()),
  ];
  const outdated = createAnura({ baseUrl: server.url, apiKey: expired.key });
  await expect
    .poll(() => outdated.models.list().catch((error: AnuraError) => error.message), { timeout: 5_000 })
    .toMatch(/expired/);
  for (const { status, code } of messages) expect([status, code]).toEqual([401, 'invalid_api_key']);
  expect(new Set(messages.map(({ message }) => message)).size).toBe(2);
});

test('an operation that this server has not', async () => {
  const fetchOther: typeof fetch = (input, init) => fetch(String(input).replace('/usage', '/of-a-later-version'), init);
  const { code } = await messageOf(createAnura({ baseUrl: server.url, apiKey: testKey, fetch: fetchOther }).usage());
  expect(code).toBe('server_too_old');
});
