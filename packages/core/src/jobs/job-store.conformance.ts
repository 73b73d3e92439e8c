import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Stores } from '../stores/stores.ts';
import { applyJobEvent, type JobEvent, type JobRecord, openJob } from './job-record.ts';
import type { JobStore } from './job-store.ts';

/** What every job store does. `open` gives empty stores, which the suite closes. */
export function testJobStore(name: string, open: () => Stores): void {
  describe(`${name} as a job store`, () => {
    let stores: Stores;
    let store: JobStore;
    beforeEach(() => {
      stores = open();
      store = stores.jobs;
    });
    afterEach(() => stores.close());

    it('gives back what was saved', async () => {
      const records = [
        job(1),
        advance(job(2), agreed),
        advance(job(3), agreed, submitted),
        advance(job(4), agreed, failed),
      ];
      await store.saveAll(records);
      for (const record of records) expect(await store.get(record.id)).toEqual(record);
    });

    it('knows nothing of an id that was never saved', async () => {
      expect(await store.get(job(1).id)).toBeUndefined();
    });

    it('replaces a job that is saved again', async () => {
      const first = job(1);
      const second = advance(first, agreed);
      await store.saveAll([first]);
      await store.saveAll([second, job(2)]);
      expect(await store.get(first.id)).toEqual(second);
    });

    it('takes any text for a model', async () => {
      const model = `o'mo"del \u0000 \u{1f438} '; drop table jobs; --`;
      const record = openJob({ kind: 'embedding', model, keyId: 'key_1' }, 1);
      await store.saveAll([record]);
      expect((await store.get(record.id))?.model).toBe(model);
    });

    it('lists undelivered jobs from before a time, oldest first, up to the limit', async () => {
      const [oldest, old, atTheTime] = [job(10), advance(job(20), agreed), job(30)];
      await store.saveAll([atTheTime, old, oldest, advance(job(5), cancelled), advance(job(6), agreed, submitted)]);
      expect(await store.listUnfinished(30, 10)).toEqual([oldest, old]);
      expect(await store.listUnfinished(31, 10)).toEqual([oldest, old, atTheTime]);
      expect(await store.listUnfinished(31, 1)).toEqual([oldest]);
    });

    it('deletes ended jobs from before a time, up to the limit, and leaves unfinished ones', async () => {
      const ended = [1, 2, 3].map((createdAtMs) => advance(job(createdAtMs), cancelled));
      const kept = [job(1), advance(job(1), agreed), advance(job(50), cancelled)];
      await store.saveAll([...ended, ...kept]);
      expect(await store.prune(50, 2)).toBe(2);
      expect(await store.prune(50, 2)).toBe(1);
      expect(await store.prune(50, 2)).toBe(0);
      for (const record of kept) expect(await store.get(record.id)).toEqual(record);
      for (const record of ended) expect(await store.get(record.id)).toBeUndefined();
    });

    it('lists the jobs of a key newest first, page by page, and shows no job twice', async () => {
      const mine = [1, 2, 2, 2, 3].map((createdAtMs) => job(createdAtMs));
      const theirs = openJob({ kind: 'chat', model: 'tadpole', keyId: 'key_2' }, 2);
      await store.saveAll([...mine, theirs]);
      const pages: JobRecord[][] = [];
      for (let before: JobRecord | undefined; pages.at(-1)?.length !== 0; before = pages.at(-1)?.at(-1)) {
        pages.push(await store.list({ keyId: 'key_1', ...(before && { before }) }, 2));
      }
      expect(pages.map(({ length }) => length)).toEqual([2, 2, 1, 0]);
      expect(pages.flat().map(({ createdAtMs }) => createdAtMs)).toEqual([3, 2, 2, 2, 1]);
      expect(new Set(pages.flat().map(({ id }) => id))).toEqual(new Set(mine.map(({ id }) => id)));
    });

    it('lists jobs of one kind, in one state, or both', async () => {
      const video = openJob({ kind: 'video', model: 'wan2.1', keyId: 'key_1' }, 2);
      const [waiting, ended] = [job(1), advance(job(3), cancelled)];
      await store.saveAll([waiting, video, ended]);
      const list = (filter: object) => store.list({ keyId: 'key_1', ...filter }, 10);
      expect(await list({ kind: 'video' })).toEqual([video]);
      expect(await list({ kind: 'chat' })).toEqual([ended, waiting]);
      expect(await list({ state: 'DealNegotiating' })).toEqual([video, waiting]);
      expect(await list({ kind: 'chat', state: 'JobOfferCancelled' })).toEqual([ended]);
      expect(await list({ kind: 'video', state: 'JobOfferCancelled' })).toEqual([]);
      expect(await list({ kind: 'video', before: waiting })).toEqual([]);
    });

    it('saves nothing without complaint', async () => {
      await store.saveAll([]);
      expect(await store.listUnfinished(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
    });
  });
}

const agreed: JobEvent = { type: 'deal-agreed', provider: 'local' };
const cancelled: JobEvent = { type: 'job-cancelled' };
const submitted: JobEvent = {
  type: 'results-submitted',
  result: { content_type: 'audio/wav', size_bytes: 5, url: '/audio/results/x' },
};
const failed: JobEvent = {
  type: 'job-failed',
  error: new GatewayError('engine-failed', 'The provider broke off.', { param: 'messages' }),
};

function job(createdAtMs: number): JobRecord {
  return openJob({ kind: 'chat', model: 'tadpole', keyId: 'key_1' }, createdAtMs);
}

function advance(record: JobRecord, ...events: readonly JobEvent[]): JobRecord {
  return events.reduce((before, event) => applyJobEvent(before, event, before.createdAtMs) ?? before, record);
}
