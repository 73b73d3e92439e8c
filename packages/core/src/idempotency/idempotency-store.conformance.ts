import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Stores } from '../stores/stores.ts';
import type { BeginRequest, IdempotencyStore } from './idempotency-store.ts';

/** What every store of idempotency keys does. `open` gives empty stores, which the suite closes. */
export function testIdempotencyStore(name: string, open: () => Stores | Promise<Stores>): void {
  describe(`${name} as a store of idempotency keys`, () => {
    let stores: Stores;
    let store: IdempotencyStore;
    beforeEach(async () => {
      stores = await open();
      store = stores.idempotency;
    });
    afterEach(() => stores.close());

    const entry = { keyId: 'key_1', key: 'again' };
    const answer = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ü":1}' };
    const begin = (change: Partial<BeginRequest> = {}) =>
      store.begin({ ...entry, fingerprint: 'a', nowMs: 0, keptSinceMs: -1_000, runningUntilMs: 100, ...change });

    it('lets one of many requests at the same moment begin', async () => {
      const decisions = await Promise.all(Array.from({ length: 10 }, () => begin()));
      expect(decisions.filter(({ outcome }) => outcome === 'begin')).toHaveLength(1);
      expect(decisions.filter(({ outcome }) => outcome === 'running')).toHaveLength(9);
    });

    it('gives the answer to the same request, and conflict to another', async () => {
      await begin();
      expect(await begin({ fingerprint: 'b' })).toEqual({ outcome: 'conflict' });
      await store.finish(entry, answer);
      expect(await begin({ nowMs: 500 })).toEqual({ outcome: 'answered', answer });
      expect(await begin({ fingerprint: 'b' })).toEqual({ outcome: 'conflict' });
      expect(await begin({ keyId: 'key_2', fingerprint: 'b' })).toEqual({ outcome: 'begin' });
    });

    it('lets a request begin again whose process died without an answer, but not one that says it runs', async () => {
      await begin();
      await store.renew(entry, 200);
      expect(await begin({ nowMs: 199 })).toEqual({ outcome: 'running' });
      expect(await begin({ nowMs: 200, runningUntilMs: 300 })).toEqual({ outcome: 'begin' });
      expect(await begin({ nowMs: 250 })).toEqual({ outcome: 'running' });
    });

    it('lets a request begin again that was abandoned, but never forgets an answer', async () => {
      await begin();
      await store.abandon(entry);
      expect(await begin()).toEqual({ outcome: 'begin' });
      await store.finish(entry, answer);
      await store.abandon(entry);
      await store.renew(entry, 9_000);
      expect(await begin()).toEqual({ outcome: 'answered', answer });
    });

    it('forgets after its time', async () => {
      await begin();
      await store.finish(entry, answer);
      expect(await begin({ fingerprint: 'b', nowMs: 1_001, keptSinceMs: 1 })).toEqual({ outcome: 'begin' });
    });

    it('deletes what is from before a time, up to the limit', async () => {
      for (const key of ['1', '2', '3']) await begin({ key });
      await begin({ key: '4', nowMs: 50 });
      expect(await store.prune(50, 2)).toBe(2);
      expect(await store.prune(50, 2)).toBe(1);
      expect(await store.prune(50, 2)).toBe(0);
      expect(await begin({ key: '4' })).toEqual({ outcome: 'running' });
    });
  });
}
