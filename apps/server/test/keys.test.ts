import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { CreatedKey, CreateKeyRequest, Key, UsageRow } from '@anura/openapi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CapturedLog } from './captured-log.ts';
import { expectError } from './doors/door-server.ts';
import { proves } from './proves.ts';
import { get, post, type RunningTestServer, runServer, testKey, withKey } from './running-server.ts';
import { finish, piece, scriptedProvider } from './scripted-provider.ts';

const model = scriptedProvider('m', async function* () {
  yield piece('Hello.');
  yield finish;
});
const hello = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };
const log = new CapturedLog();

let server: RunningTestServer;
beforeAll(async () => {
  server = await runServer({ providers: [model], logTo: log, flags: { 'log.level': 'trace' } });
});
afterAll(() => server.close());

async function create(request: CreateKeyRequest = {}, { base } = server): Promise<CreatedKey> {
  const response = await post(`${base}/keys`, request);
  expect(response.status).toBe(200);
  return ((await response.json()) as { data: CreatedKey }).data;
}

const chat = (key: string, { base } = server) => post(`${base}/chat/completions`, hello, { headers: withKey(key) });
const revoke = (id: string) => fetch(`${server.base}/keys/${id}`, { method: 'DELETE', headers: withKey() });

async function listed({ base } = server): Promise<Key[]> {
  return ((await (await get(`${base}/keys`)).json()) as { data: { keys: Key[] } }).data.keys;
}

test('a new key works at once, is listed without its secret, and is refused once revoked', async () => {
  const made = await create({ name: 'laptop' });
  expect(made.key).toMatch(/^anr_[0-9a-f]{64}$/);
  expect((await chat(made.key)).status).toBe(200);

  const entry = (await listed()).find(({ id }) => id === made.id);
  expect(entry).toMatchObject({
    name: 'laptop',
    scopes: ['inference'],
    prefix: made.key.slice(0, 8),
    revoked_at: null,
  });
  expect(entry).not.toHaveProperty('key');

  expect((await revoke(made.id)).status).toBe(200);
  const { error } = await expectError(await chat(made.key), 401);
  expect(error.message).toContain('revoked');
  expect(error.code).toBe('revoked_api_key');
  expect((await revoke(made.id)).status).toBe(200);
  await expectError(await revoke('key_nobody'), 404);
});

proves('errors-403')('a key may do what its scopes say', async () => {
  const inference = await create();
  const admin = await create({ scopes: ['admin'] });
  for (const [path, init] of [
    ['/keys', {}],
    ['/keys', { method: 'POST', body: '{}' }],
    ['/keys/key_x', { method: 'DELETE' }],
    ['/usage?key_id=key_other', {}],
  ] as const) {
    const response = await fetch(server.base + path, { ...init, headers: withKey(inference.key) });
    const { error } = await expectError(response, 403);
    expect(error.message).toContain('admin');
  }
  await expectError(await chat(admin.key), 403);
  for (const path of ['/models', '/models/m', '/image/models', '/video/models', '/audio/models', '/keys', '/usage'])
    expect((await get(server.base + path, withKey(admin.key))).status, path).toBe(200);
  await expectError(await get(`${server.base}/jobs/Qm${'1'.repeat(44)}`, withKey(admin.key)), 404);
});

test('a key cannot revoke itself', async () => {
  const me = await create({ scopes: ['admin'] });
  const revoking = fetch(`${server.base}/keys/${me.id}`, { method: 'DELETE', headers: withKey(me.key) });
  const { error } = await expectError(await revoking, 400);
  expect(error.param).toBe('id');
});

test('a key expires when it should', async () => {
  const { key } = await create({ expires_at: new Date(Date.now() + 700).toISOString() });
  expect((await chat(key)).status).toBe(200);
  await expect.poll(async () => (await chat(key)).status, { timeout: 3000 }).toBe(401);
  const { error } = await expectError(await chat(key), 401);
  expect(error.message).toContain('expired');
  expect(error.code).toBe('expired_api_key');
});

test.each<[string, object, string]>([
  ['no scopes', { scopes: [] }, 'scopes'],
  ['a limit under the name it has in answers', { rate_limit: { requests_per_second: 1 } }, 'rate_limit'],
  ['an unknown scope', { scopes: ['root'] }, 'scopes[0]'],
  ['an expiry in the past', { expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
  ['an expiry that is no date', { expires_at: 'soon' }, 'expires_at'],
  ['two expiries', { expires_at: '2090-01-01T00:00:00Z', expires_in_days: 1 }, 'expires_in_days'],
  ['a rate of 0', { requests_per_second: 0 }, 'requests_per_second'],
  ['a name of 300 letters', { name: 'x'.repeat(300) }, 'name'],
])('a key with %s is refused', async (_what, request, param) => {
  const { error } = await expectError(await post(`${server.base}/keys`, request), 400);
  expect(error.param).toBe(param);
});

proves('errors-429')('a key has its own rate, and is told when to come back', async () => {
  const { key } = await create({ requests_per_second: 2 });
  const ask = () => get(`${server.base}/models`, withKey(key));
  const first = await ask();
  expect(first.headers.get('x-ratelimit-limit')).toBe('2');
  expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
  await ask();
  const refused = await ask();
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(refused.headers.get('x-ratelimit-reset')).toMatch(/^\d+$/);
  const retryAfter = refused.headers.get('retry-after') ?? '';
  expect(retryAfter).toMatch(/^[1-9]\d*$/);
  const { error } = await expectError(refused, 429);
  expect(error).toMatchObject({ type: 'rate_limit_error', code: 'rate_limit_exceeded' });
  expect((await get(`${server.base}/models`)).status).toBe(200); // others are not held up
  await setTimeout(Number(retryAfter) * 1000);
  expect((await ask()).status).toBe(200);
});

test('a key has its own share of requests at once and tokens', async () => {
  const poor = await create({ monthly_tokens: 10 });
  const { error } = await expectError(await chat(poor.key), 429);
  expect(error.message).toMatch(/10/);
  const slow = await create({ tokens_per_minute: 2000 });
  expect((await chat(slow.key)).headers.get('x-ratelimit-limit-tokens')).toBe('2000');
});

test('usage is counted per key, model and day, and a key sees its own', async () => {
  const made = await create({ name: 'counted' });
  for (let times = 0; times < 3; times++) await chat(made.key);
  const rowsFor = async (key: string, query = ''): Promise<UsageRow[]> =>
    ((await (await get(`${server.base}/usage${query}`, withKey(key))).json()) as { data: { rows: UsageRow[] } }).data
      .rows;
  const expected = {
    key_id: made.id,
    key_name: 'counted',
    model: 'm',
    requests: 3,
    prompt_tokens: 9,
    completion_tokens: 6,
  };
  await expect.poll(() => rowsFor(made.key)).toEqual([expect.objectContaining(expected)]);
  expect(await rowsFor(testKey, `?key_id=${made.id}&model=m`)).toEqual([expect.objectContaining(expected)]);
  expect(await rowsFor(testKey, `?key_id=${made.id}&model=other`)).toEqual([]);
  await expectError(await get(`${server.base}/usage?from=2030-01-02&to=2030-01-01`), 400);
  await expectError(await get(`${server.base}/usage?from=yesterday`), 400);
});

proves('http-job-own', 'http-job-offer-id')('a job is known to its key and to nobody else', async () => {
  const [mine, other] = [await create(), await create()];
  const id = (await chat(mine.key)).headers.get('job-offer-id');
  expect(id).toMatch(/^Qm[1-9A-HJ-NP-Za-km-z]{44}$/);
  const job = await get(`${server.base}/jobs/${id}`, withKey(mine.key));
  expect(await job.json()).toMatchObject({
    status: 200,
    data: { job_offer_id: id, job_state: 'ResultsSubmitted', kind: 'chat', model: 'm', deal: { provider: 'scripted' } },
  });
  const { error: hidden } = await expectError(await get(`${server.base}/jobs/${id}`, withKey(other.key)), 404);
  const { error: missing } = await expectError(await get(`${server.base}/jobs/Qm${'1'.repeat(44)}`), 404);
  expect(hidden.message).toBe(missing.message);
  await expectError(await get(`${server.base}/jobs/7`), 404);
});

test('no secret is in any log line or in any answer but the one that made it', async () => {
  const { key } = await create();
  await chat(key);
  await get(`${server.base}/keys?key=${key}`);
  await get(`${server.base}/models/${key}`, { 'x-api-key': key });
  await chat(`${key}0`);
  await get(`${server.base}/models`, { ...withKey(key), 'x-request-id': key });
  await fetch(`${server.base}/keys/${key}`, { method: 'DELETE', headers: withKey() });
  for (const path of ['/keys', '/usage', '/models', '/health'])
    expect(await (await get(server.base + path)).text()).not.toContain(key.slice(8));
  expect(log.lines.length).toBeGreaterThan(5);
  expect(log.text).not.toContain(key.slice(8));
  expect(log.text).not.toContain(testKey);
});

test('keys outlive a restart, and two servers on one folder know each other’s', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'anura-keys-'));
  try {
    await using first = await runServer({ dataDir, providers: [model] });
    await using second = await runServer({ dataDir, providers: [model] });
    const { key } = await create({}, first);
    expect((await chat(key, first)).status).toBe(200);
    await expect.poll(async () => (await chat(key, second)).status, { timeout: 5000 }).toBe(200);
    await Promise.all([first.close(), second.close()]);
    await using third = await runServer({ dataDir, providers: [model] });
    expect((await chat(key, third)).status).toBe(200);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test('the first start makes one key with every right, the second none', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'anura-first-'));
  try {
    const first = await runServer({ dataDir, providers: [model], presetKey: false });
    const { firstKey = '' } = first;
    expect(firstKey).toMatch(/^anr_[0-9a-f]{64}$/);
    expect((await chat(firstKey, first)).status).toBe(200);
    expect((await get(`${first.base}/keys`, withKey(firstKey))).status).toBe(200);
    await first.close();
    await using second = await runServer({ dataDir, providers: [model], presetKey: false });
    expect(second.firstKey).toBeUndefined();
    expect((await chat(firstKey, second)).status).toBe(200);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
