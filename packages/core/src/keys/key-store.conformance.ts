import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Stores } from '../stores/stores.ts';
import type { KeyStore, StoredKey } from './key-store.ts';
import { makeKey } from './make-key.ts';

/** What every key store does. `open` gives empty stores, which the suite closes. */
export function testKeyStore(name: string, open: () => Stores): void {
  describe(`${name} as a key store`, () => {
    let stores: Stores;
    let store: KeyStore;
    beforeEach(() => {
      stores = open();
      store = stores.keys;
    });
    afterEach(() => stores.close());

    it('gives back every field of a key, oldest key first', async () => {
      const plain = newKey(2000);
      const full = makeKey(
        {
          name: `o'key \u{1f438}`,
          scopes: ['admin', 'inference'],
          expiresAt: new Date(9000),
          rateLimit: { requests_per_second: 0.5, tokens_per_minute: 100, concurrent_requests: 3, monthly_tokens: 1e12 },
          weight: 2.5,
        },
        1000,
      ).stored;
      await store.insert(plain);
      await store.insert(full);
      expect(await store.list()).toEqual([full, plain]);
    });

    it('refuses a second key of the same id or hash and keeps the first', async () => {
      const key = newKey(1);
      await store.insert(key);
      await expect(store.insert({ ...newKey(2), hash: key.hash })).rejects.toThrow();
      await expect(store.insert({ key: key.key, hash: newKey(3).hash })).rejects.toThrow();
      expect(await store.list()).toEqual([key]);
    });

    it('notes a revocation once', async () => {
      const { key, hash } = newKey(1);
      await store.insert({ key, hash });
      expect(await store.revoke(key.id, '2025-01-01T00:00:00.000Z')).toBe(true);
      expect(await store.revoke(key.id, '2025-02-02T00:00:00.000Z')).toBe(true);
      expect((await store.list())[0]?.key.revoked_at).toBe('2025-01-01T00:00:00.000Z');
      expect(await store.revoke('key_none', '2025-01-01T00:00:00.000Z')).toBe(false);
    });

    it('keeps the latest use of each key', async () => {
      const [used, unused] = [newKey(1), newKey(2)];
      await store.insert(used);
      await store.insert(unused);
      await store.noteUses([
        { id: used.key.id, lastUsedAt: '2025-01-02T00:00:00.000Z' },
        { id: 'key_none', lastUsedAt: '2025-01-02T00:00:00.000Z' },
      ]);
      await store.noteUses([{ id: used.key.id, lastUsedAt: '2025-01-01T00:00:00.000Z' }]);
      const uses = (await store.list()).map(({ key }) => key.last_used_at);
      expect(uses).toEqual(['2025-01-02T00:00:00.000Z', null]);
    });

    it('changes its revision when a key is added or revoked, not when one is used', async () => {
      const { key, hash } = newKey(1);
      const empty = await store.revision();
      await store.insert({ key, hash });
      const added = await store.revision();
      await store.noteUses([{ id: key.id, lastUsedAt: '2025-01-02T00:00:00.000Z' }]);
      expect(await store.revision()).toBe(added);
      await store.revoke(key.id, '2025-01-01T00:00:00.000Z');
      expect(new Set([empty, added, await store.revision()]).size).toBe(3);
    });
  });
}

function newKey(createdAtMs: number): StoredKey {
  return makeKey({}, createdAtMs).stored;
}
