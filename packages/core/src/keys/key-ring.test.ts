import { afterEach, expect, it, vi } from 'vitest';
import { MemoryKeyStore } from '../stores/memory/memory-key-store.ts';
import { KeyRing, type KeyRingOptions } from './key-ring.ts';
import { presetKey } from './preset-key.ts';

const log = { info: vi.fn(), warn: vi.fn() };
const startMs = Date.parse('2025-06-01T12:00:00.000Z');

const rings: KeyRing[] = [];
afterEach(async () => {
  vi.clearAllMocks();
  await Promise.all(rings.splice(0).map((ring) => ring.close()));
});

/** A ring that looks for other processes' changes only when told to. */
async function openRing(options: Partial<KeyRingOptions> = {}): Promise<KeyRing> {
  const ring = await KeyRing.open({
    store: new MemoryKeyStore(),
    log,
    refreshMs: 3_600_000,
    now: () => startMs,
    ...options,
  });
  rings.push(ring);
  return ring;
}

it('knows a key from the moment it is made, and after a restart', async () => {
  const store = new MemoryKeyStore();
  const ring = await openRing({ store });
  const { secret, key } = await ring.create({ name: 'laptop', scopes: ['admin'] });
  expect(ring.check(secret)).toMatchObject({ ok: true, key: { id: key.id, name: 'laptop', scopes: ['admin'] } });
  expect((await openRing({ store })).check(secret)).toMatchObject({ ok: true, key: { id: key.id } });
});

it.each([
  '',
  ' ',
  'anr_',
  'x'.repeat(201),
  'x'.repeat(10_000_000),
  'a\nb',
  '\u{1f438}',
  `anr_${'0'.repeat(64)}`,
  '__proto__',
])('does not know a text that was never a key', async (text) => {
  const ring = await openRing();
  await ring.create();
  expect(ring.check(text)).toEqual({ ok: false, reason: 'unknown' });
});

it('does not take a key with anything added, left out or in capitals', async () => {
  const ring = await openRing();
  const { secret } = await ring.create();
  for (const near of [`${secret} `, ` ${secret}`, secret.slice(0, -1), `${secret}0`, secret.toUpperCase()]) {
    expect(ring.check(near)).toEqual({ ok: false, reason: 'unknown' });
  }
});

it('refuses a revoked key at once and says why', async () => {
  const ring = await openRing();
  const { secret, key } = await ring.create();
  expect(await ring.revoke(key.id)).toMatchObject({ id: key.id, revoked_at: '2025-06-01T12:00:00.000Z' });
  expect(ring.check(secret)).toEqual({ ok: false, reason: 'revoked' });
  expect(ring.list()).toMatchObject([{ id: key.id, revoked_at: '2025-06-01T12:00:00.000Z' }]);
});

it('refuses a key from the moment it expires', async () => {
  let nowMs = startMs;
  const ring = await openRing({ now: () => nowMs });
  const { secret } = await ring.create({ expiresAt: new Date(startMs + 1000) });
  nowMs = startMs + 999;
  expect(ring.check(secret).ok).toBe(true);
  nowMs = startMs + 1000;
  expect(ring.check(secret)).toEqual({ ok: false, reason: 'expired' });
});

it('says that there is no such key to revoke', async () => {
  await expect((await openRing()).revoke('key_none')).rejects.toMatchObject({ code: 'not-found' });
});

it('takes a preset key without storing it, and does not revoke it', async () => {
  const store = new MemoryKeyStore();
  const ring = await openRing({ store, preset: presetKey('s3cret', startMs) });
  await ring.create();
  expect(ring.check('s3cret')).toMatchObject({ ok: true, key: { scopes: ['inference', 'admin'] } });
  expect(ring.list().map(({ id }) => id)).toEqual(['key_preset', expect.stringMatching(/^key_/)]);
  await expect(ring.revoke('key_preset')).rejects.toMatchObject({ code: 'conflict' });
  await ring.refresh();
  expect(ring.check('s3cret').ok).toBe(true);
  expect((await store.list()).length).toBe(1);
});

it('lets a preset key win over a stored one with the same text', async () => {
  const store = new MemoryKeyStore();
  const { secret, key } = await (await openRing({ store })).create();
  const ring = await openRing({ store, preset: presetKey(secret, startMs) });
  expect(ring.check(secret)).toMatchObject({ ok: true, key: { id: 'key_preset' } });
  expect(ring.get(key.id)).toBeUndefined();
});

it('sees keys made and revoked by another process', async () => {
  const store = new MemoryKeyStore();
  const [here, there] = [await openRing({ store }), await openRing({ store, refreshMs: 2 })];
  const { secret, key } = await here.create();
  await vi.waitFor(() => expect(there.check(secret).ok).toBe(true));
  await here.revoke(key.id);
  await vi.waitFor(() => expect(there.check(secret)).toEqual({ ok: false, reason: 'revoked' }));
});

it('revokes a key another process has just made', async () => {
  const store = new MemoryKeyStore();
  const [here, there] = [await openRing({ store }), await openRing({ store })];
  const { secret, key } = await here.create();
  expect(await there.revoke(key.id)).toMatchObject({ id: key.id, revoked_at: expect.any(String) });
  expect(there.check(secret)).toEqual({ ok: false, reason: 'revoked' });
});

it('reads the keys again only when somebody changed them', async () => {
  const store = new MemoryKeyStore();
  const ring = await openRing({ store });
  const list = vi.spyOn(store, 'list');
  await ring.refresh();
  expect(list).not.toHaveBeenCalled();
  await (await openRing({ store })).create();
  list.mockClear();
  await ring.refresh();
  expect(list).toHaveBeenCalledTimes(1);
});

it('keeps its keys when the store fails, and says so once', async () => {
  const store = new MemoryKeyStore();
  const ring = await openRing({ store, refreshMs: 2 });
  const { secret } = await ring.create();
  const revision = vi.spyOn(store, 'revision').mockRejectedValue(new Error('disk I/O error'));
  await vi.waitFor(() => expect(revision.mock.calls.length).toBeGreaterThan(3));
  expect(ring.check(secret).ok).toBe(true);
  expect(log.warn).toHaveBeenCalledTimes(1);
});

it('does not know a key that could not be saved', async () => {
  const store = new MemoryKeyStore();
  const ring = await openRing({ store });
  vi.spyOn(store, 'insert').mockRejectedValueOnce(new Error('full'));
  await expect(ring.create()).rejects.toThrow('full');
  expect(ring.list()).toEqual([]);
  await expect(ring.create()).resolves.toMatchObject({ secret: expect.any(String) });
});

it('shows the last use at once and writes it once a minute', async () => {
  let nowMs = startMs;
  const store = new MemoryKeyStore();
  const noteUses = vi.spyOn(store, 'noteUses');
  const ring = await openRing({ store, now: () => nowMs });
  const { secret, key } = await ring.create();
  for (let second = 0; second < 60; second++) {
    nowMs = startMs + second * 1000;
    ring.check(secret);
  }
  expect(ring.get(key.id)?.last_used_at).toBe('2025-06-01T12:00:00.000Z');
  nowMs = startMs + 60_000;
  ring.check(secret);
  await ring.close();
  expect(noteUses.mock.calls).toEqual([[[{ id: key.id, lastUsedAt: '2025-06-01T12:01:00.000Z' }]]]);
});

it('does not forget the last use when it reads the keys again', async () => {
  const store = new MemoryKeyStore();
  const ring = await openRing({ store });
  const { secret, key } = await ring.create();
  ring.check(secret);
  await (await openRing({ store })).create();
  await ring.refresh();
  expect(ring.get(key.id)?.last_used_at).toBe('2025-06-01T12:00:00.000Z');
});
