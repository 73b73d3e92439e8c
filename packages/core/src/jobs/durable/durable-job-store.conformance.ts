import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Stores } from '../../stores/stores.ts';
import { type JobChange, type JobRecord, openJob } from '../job-record.ts';
import type { ClaimedJob, DurableJobStore, NewJob } from './durable-job-store.ts';

const bounds = { perKey: 100, inAll: 1000 };
const timeouts = { matchMs: 1_000, executionMs: 5_000, totalMs: 20_000 };
const agreed: JobChange = { type: 'deal-agreed', provider: 'gpu' };
const result = { content_type: 'image/webp', size_bytes: 5, url: '/video/results/x' };
const submitted: JobChange = { type: 'results-submitted', result, artifactId: 'artifact-1' };
const failed: JobChange = {
  type: 'job-failed',
  failure: { code: 'engine-failed', message: 'The provider broke off.' },
};

/** What every store of jobs that survive does. `open` gives empty stores, which the suite closes. */
export function testDurableJobStore(name: string, open: () => Stores | Promise<Stores>): void {
  describe(`${name} as a store of jobs that survive`, () => {
    let stores: Stores;
    let store: DurableJobStore;
    beforeEach(async () => {
      stores = await open();
      store = stores.durableJobs;
    });
    afterEach(() => stores.close());

    const submit = async (change: Partial<NewJob> & { keyId?: string; model?: string; atMs?: number } = {}) => {
      const { keyId = 'key_1', model = 'wan2.1', atMs = 0, ...rest } = change;
      const record = openJob({ kind: 'video', model, keyId }, atMs);
      await store.submit({ record, input: { prompt: 'a frog' }, timeouts, ...rest }, bounds);
      return record;
    };
    const claim = (count = 1, nowMs = 0, model = 'wan2.1') =>
      store.claim({ wanted: [{ model, count }], nowMs, leaseUntilMs: nowMs + 100 });
    const claimOne = async (nowMs = 0): Promise<ClaimedJob> => {
      const [claimed] = await claim(1, nowMs);
      if (!claimed) throw new Error('There was nothing to claim.');
      return claimed;
    };
    const apply = ({ id, attempt }: { id: string; attempt?: number }, change: JobChange, atMs = 0) =>
      store.apply(id, change, attempt === undefined ? { atMs } : { atMs, attempt });

    describe('submitting', () => {
      it('keeps the job among all jobs, with its input', async () => {
        const record = await submit();
        expect(await stores.jobs.get(record.id)).toEqual(record);
        expect(await store.input(record.id)).toEqual({ prompt: 'a frog' });
        expect(await stores.jobs.list({ keyId: 'key_1' }, 10)).toEqual([record]);
        expect(await store.countUnfinished()).toBe(1);
      });

      it('takes any text', async () => {
        const input = { prompt: `o'mo"del \u0000 \u{1f438} '; drop table jobs; --` };
        const { id } = await submit({ input });
        expect(await store.input(id)).toEqual(input);
      });

      it('takes no more than the bounds, of a key or in all, and loses none it took', async () => {
        const tight = { perKey: 2, inAll: 3 };
        const outcomes: string[] = [];
        for (const keyId of ['key_1', 'key_1', 'key_1', 'key_2', 'key_3']) {
          const record = openJob({ kind: 'video', model: 'wan2.1', keyId }, 0);
          const submission = await store.submit({ record, input: {}, timeouts }, tight);
          outcomes.push(submission.outcome === 'full' ? submission.whose : submission.outcome);
        }
        expect(outcomes).toEqual(['accepted', 'accepted', 'key', 'accepted', 'everybody']);
        expect(await claim(10)).toHaveLength(3);
      });

      it('has room again when a job is over, whichever way', async () => {
        const tight = { perKey: 1, inAll: 1 };
        for (const end of [submitted, failed, { type: 'job-cancelled' } as const]) {
          const record = openJob({ kind: 'video', model: 'wan2.1', keyId: 'key_1' }, 0);
          expect(await store.submit({ record, input: {}, timeouts }, tight)).toMatchObject({ outcome: 'accepted' });
          await apply(await claimOne(), agreed);
          expect(await apply(record, end)).toBeDefined();
        }
        expect(await store.countUnfinished()).toBe(0);
      });

      it('holds ten thousand submits at once to the bounds', async () => {
        const outcomes = await Promise.all(
          Array.from({ length: 10_000 }, () => {
            const record = openJob({ kind: 'video', model: 'wan2.1', keyId: 'key_1' }, 0);
            return store.submit({ record, input: {}, timeouts }, { perKey: 250, inAll: 1000 });
          }),
        );
        expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(250);
        expect(outcomes.filter(({ outcome }) => outcome === 'full')).toHaveLength(9_750);
        expect(await claim(1000)).toHaveLength(250);
      });
    });

    describe('idempotency keys', () => {
      const withKey = (fingerprint: string, atMs = 0, keyId = 'key_1') => {
        const record = openJob({ kind: 'video', model: 'wan2.1', keyId }, atMs);
        const idempotency = { key: 'again', fingerprint, keptSinceMs: atMs - 1_000 };
        return store.submit({ record, input: {}, timeouts, idempotency }, bounds);
      };

      it('gives the first job for the same request, as it stands now', async () => {
        const first = await withKey('a');
        if (first.outcome !== 'accepted') throw new Error(first.outcome);
        await apply(first.record, { type: 'job-cancelled' }, 5);
        const again = await withKey('a', 10);
        expect(again).toMatchObject({
          outcome: 'repeated',
          record: { id: first.record.id, state: 'JobOfferCancelled' },
        });
      });

      it('makes one job of many requests at the same moment', async () => {
        const outcomes = await Promise.all(Array.from({ length: 20 }, () => withKey('a')));
        const ids = outcomes.map((one) => ('record' in one ? one.record.id : one.outcome));
        expect(new Set(ids).size).toBe(1);
        expect(await store.countUnfinished()).toBe(1);
      });

      it('refuses another request under the same key, but not of another caller', async () => {
        await withKey('a');
        expect(await withKey('b')).toEqual({ outcome: 'conflict' });
        expect(await withKey('b', 0, 'key_2')).toMatchObject({ outcome: 'accepted' });
      });

      it('forgets keys after their time', async () => {
        await withKey('a', 0);
        expect(await withKey('b', 1_001)).toMatchObject({ outcome: 'accepted' });
      });

      it('keeps no key of a job that was not taken', async () => {
        const record = openJob({ kind: 'video', model: 'wan2.1', keyId: 'key_1' }, 0);
        const idempotency = { key: 'again', fingerprint: 'a', keptSinceMs: -1 };
        await store.submit({ record, input: {}, timeouts, idempotency }, { perKey: 0, inAll: 0 });
        expect(await withKey('b')).toMatchObject({ outcome: 'accepted' });
      });
    });

    describe('claiming', () => {
      it('gives each job to one claimer', async () => {
        const ids = new Set((await Promise.all(Array.from({ length: 30 }, () => submit()))).map(({ id }) => id));
        const claims = await Promise.all(Array.from({ length: 12 }, () => claim(3)));
        const claimed = claims.flat().map(({ id }) => id);
        expect(claimed).toHaveLength(30);
        expect(new Set(claimed)).toEqual(ids);
      });

      it('brings all that is needed to run it', async () => {
        const record = await submit({ weight: 2 });
        expect(await claim()).toEqual([
          {
            ...{ id: record.id, attempt: 1, record, input: { prompt: 'a frog' }, timeouts, weight: 2 },
            ...{ failures: 0, lapses: 0, operation: null },
          },
        ]);
      });

      it('takes only the models that are wanted, as many as are wanted', async () => {
        for (const model of ['a', 'a', 'a', 'b', 'c']) await submit({ model });
        const wanted = [
          { model: 'a', count: 2 },
          { model: 'b', count: 5 },
        ];
        const claimed = await store.claim({ wanted, nowMs: 0, leaseUntilMs: 100 });
        expect(claimed.map(({ record }) => record.model)).toEqual(['a', 'a', 'b']);
      });

      it('takes turns between keys, the oldest job of each first', async () => {
        const [a1, a2, a3] = [await submit({ keyId: 'a' }), await submit({ keyId: 'a' }), await submit({ keyId: 'a' })];
        const [b1, c1, b2] = [await submit({ keyId: 'b' }), await submit({ keyId: 'c' }), await submit({ keyId: 'b' })];
        const order = (await claim(10)).map(({ id }) => id);
        expect(order).toEqual([a1, b1, c1, a2, b2, a3].map(({ id }) => id));
      });

      it('lets a key that comes new wait for one job of the key that fills the queue', async () => {
        for (let made = 0; made < 20; made++) await submit({ keyId: 'a' });
        await claim(7);
        const newcomer = await submit({ keyId: 'b' });
        expect((await claim(2)).map(({ id }) => id)).toContain(newcomer.id);
      });

      it('gives heavier keys more turns', async () => {
        for (let made = 0; made < 30; made++) await submit({ keyId: 'light' });
        for (let made = 0; made < 30; made++) await submit({ keyId: 'heavy', weight: 3 });
        const keys = (await claim(20)).map(({ record }) => record.keyId);
        expect(keys.filter((key) => key === 'heavy').length).toBeGreaterThanOrEqual(14);
        expect(keys.filter((key) => key === 'light').length).toBeGreaterThanOrEqual(4);
      });

      it('gives a job again when its hold lapsed, with the next number, and drops its deal', async () => {
        const { id } = await submit();
        const first = await claimOne();
        await apply(first, agreed);
        expect(await claim(1, 99)).toEqual([]);
        const [second] = await claim(1, 101);
        expect(second).toMatchObject({
          id,
          attempt: 2,
          lapses: 1,
          failures: 0,
          record: { state: 'DealNegotiating', deal: null },
        });
        expect(second?.record.history.map(({ state }) => state)).toEqual([
          'DealNegotiating',
          'DealAgreed',
          'DealNegotiating',
        ]);
      });

      it('keeps a hold that is renewed', async () => {
        await submit();
        const held = await claimOne();
        expect(await store.renew([held], 500)).toEqual([held.id]);
        expect(await claim(1, 400)).toEqual([]);
        expect(await claim(1, 501)).toHaveLength(1);
        expect(await store.renew([held], 900)).toEqual([]);
      });
    });

    describe('the fence', () => {
      it('lets nobody settle a job that somebody else holds, or that nobody holds', async () => {
        await submit();
        const late = await claimOne();
        await apply(late, agreed);
        const holder = await claimOne(101);
        await apply(holder, agreed, 101);
        for (const change of [submitted, failed, { type: 'deal-dropped' } as const]) {
          expect(await apply(late, change, 102)).toBeUndefined();
        }
        expect(await store.saveOperation(late, { offerId: 'gpu/wan', state: { id: 'late' } })).toBe(false);
        expect(await store.noteProgress(late, 0.9, 102)).toBeUndefined();
        expect(
          await store.giveBack(late, { nowMs: 102, readyAtMs: 0, failed: true, forgetOperation: true }),
        ).toBeUndefined();
        expect(await apply(holder, submitted, 103)).toMatchObject({
          state: 'ResultsSubmitted',
          artifactId: 'artifact-1',
          result,
        });
        expect(await apply(holder, submitted, 104)).toBeUndefined();
      });

      it('lets a holder of a job that was given back change nothing', async () => {
        await submit();
        const held = await claimOne();
        await store.giveBack(held, { nowMs: 0, readyAtMs: 0, failed: false, forgetOperation: false });
        expect(await apply(held, agreed)).toBeUndefined();
        expect(await apply(held, failed)).toBeUndefined();
      });

      it('settles a job once, whoever tries at the same moment', async () => {
        const { id } = await submit();
        const held = await claimOne();
        await apply(held, agreed);
        const changes: JobChange[] = [submitted, failed, { type: 'job-cancelled' }, { type: 'execution-timed-out' }];
        const applied = await Promise.all(changes.map((change) => apply(held, change)));
        expect(applied.filter((record) => record !== undefined)).toHaveLength(1);
        expect(await stores.jobs.get(id)).toEqual(applied.find((record) => record !== undefined));
      });
    });

    describe('an attempt that is not the last', () => {
      it('comes back after its pause, with what was counted and saved', async () => {
        await submit();
        const first = await claimOne();
        await apply(first, agreed);
        const operation = { offerId: 'gpu/wan2.1', state: { id: 'remote-7', frames: [1, 2] } };
        expect(await store.saveOperation(first, operation)).toBe(true);
        await store.giveBack(first, { nowMs: 10, readyAtMs: 50, failed: true, forgetOperation: false });
        expect(await claim(1, 49)).toEqual([]);
        const [second] = await claim(1, 50);
        expect(second).toMatchObject({ attempt: 2, failures: 1, lapses: 0, operation });
        expect(second?.record.state).toBe('DealNegotiating');
        if (second) await store.giveBack(second, { nowMs: 60, readyAtMs: 0, failed: false, forgetOperation: true });
        expect(await claim(1, 60)).toMatchObject([{ attempt: 3, failures: 1, operation: null }]);
      });

      it('leaves what it saved to the next when its process dies', async () => {
        await submit();
        const first = await claimOne();
        await store.saveOperation(first, { offerId: 'gpu/wan2.1', state: { id: 'remote-7' } });
        expect(await claim(1, 101)).toMatchObject([
          { operation: { offerId: 'gpu/wan2.1', state: { id: 'remote-7' } } },
        ]);
      });
    });

    it('notes rising progress of a running job, numbered among what happens', async () => {
      const { id } = await submit();
      const held = await claimOne();
      expect(await store.noteProgress(held, 0.1, 1)).toBeUndefined();
      await apply(held, agreed, 1);
      expect(await store.noteProgress(held, 0.25, 2)).toMatchObject({ progress: { part: 0.25, atMs: 2, sequence: 3 } });
      expect(await store.noteProgress(held, 0.2, 3)).toBeUndefined();
      await apply(held, submitted, 4);
      const record = await stores.jobs.get(id);
      expect(record?.progress).toEqual({ part: 0.25, atMs: 2, sequence: 3 });
      expect(record?.history.map(({ sequence }) => sequence)).toEqual([1, 2, 4]);
    });

    describe('ends', () => {
      it('cancels a job that waits, runs, or rests between attempts, and nothing that is over', async () => {
        const cancel: JobChange = { type: 'job-cancelled' };
        const waiting = await submit();
        expect(await apply(waiting, cancel)).toMatchObject({ state: 'JobOfferCancelled' });
        const running = await submit();
        const held = await claimOne();
        await apply(held, agreed);
        expect(await apply(running, cancel)).toMatchObject({ state: 'JobOfferCancelled' });
        expect(await store.renew([held], 900)).toEqual([]);
        const resting = await submit();
        await store.giveBack(await claimOne(), { nowMs: 0, readyAtMs: 99, failed: true, forgetOperation: true });
        expect(await apply(resting, cancel)).toMatchObject({ state: 'JobOfferCancelled' });
        expect(await apply(resting, cancel)).toBeUndefined();
        expect(await claim(9, 1_000)).toEqual([]);
      });

      it('ends jobs whose time is over, each in its own way, held or not', async () => {
        const unmatched = await submit();
        const running = await submit({ model: 'other' });
        const [held] = await claim(1, 0, 'other');
        if (held) await apply(held, agreed, 500);
        expect(await store.endOverdue(999, 10)).toEqual([]);
        expect(await store.endOverdue(1_000, 10)).toMatchObject([{ id: unmatched.id, state: 'TimeoutMatch' }]);
        expect(await store.endOverdue(5_499, 10)).toEqual([]);
        expect(await store.endOverdue(5_500, 10)).toMatchObject([
          { id: running.id, state: 'TimeoutExecution', updatedAtMs: 5_500 },
        ]);
        if (held) expect(await apply(held, submitted, 5_600)).toBeUndefined();
        expect(await store.countUnfinished()).toBe(0);
      });

      it('ends jobs that were given back again and again when their time in all is over', async () => {
        const { id } = await submit({ timeouts: { ...timeouts, matchMs: 30_000 } });
        await apply(await claimOne(), agreed, 10);
        await claim(1, 15_000);
        expect(await store.endOverdue(19_999, 10)).toEqual([]);
        expect(await store.endOverdue(20_000, 10)).toMatchObject([{ id, state: 'JobTimedOut' }]);
      });

      it('ends the waiting for results nobody fetched, up to the limit, and for no others', async () => {
        const deliver = async (atMs: number, end: JobChange = submitted) => {
          const { id } = await submit();
          await apply(await claimOne(), agreed, atMs);
          await apply({ id }, end, atMs);
          return id;
        };
        const old = [await deliver(10), await deliver(11)];
        const [accepted] = [await deliver(10), await deliver(10, failed), await deliver(50)];
        await apply({ id: accepted ?? '' }, { type: 'results-accepted' }, 12);
        expect(await store.endUnfetched(50, 60, 1)).toMatchObject([
          { id: old[0], state: 'TimeoutDownload', updatedAtMs: 60 },
        ]);
        expect(await store.endUnfetched(50, 60, 9)).toMatchObject([{ id: old[1] }]);
        expect(await store.endUnfetched(50, 60, 9)).toEqual([]);
      });
    });

    describe('standing', () => {
      it('counts who goes before, in the order of turns, and who runs', async () => {
        const jobs: JobRecord[] = [];
        for (const keyId of ['a', 'a', 'a', 'b']) jobs.push(await submit({ keyId }));
        await submit({ model: 'other' });
        await claim(1);
        const standings = await Promise.all(jobs.map(({ id }) => store.standing(id)));
        expect(standings.map((standing) => standing?.ahead)).toEqual([0, 1, 2, 0]);
        expect(standings.map((standing) => standing?.running)).toEqual([1, 1, 1, 1]);
        expect(standings[0]?.meanMs).toBeNull();
      });

      it('measures from deal to results, and nothing that failed or was cancelled', async () => {
        for (const end of [failed, submitted]) {
          const { id } = await submit();
          await apply(await claimOne(), agreed, 100);
          await apply({ id }, end, end === failed ? 101 : 700);
        }
        const { id } = await submit();
        expect((await store.standing(id))?.meanMs).toBe(600);
        await apply({ id }, { type: 'job-cancelled' });
        expect(await store.standing(id)).toBeUndefined();
      });
    });

    describe('retention', () => {
      it('deletes ended jobs from before a time with all that belongs to them, up to the limit', async () => {
        const ended = [await submit(), await submit(), await submit()];
        for (const { id } of ended) await apply({ id }, { type: 'job-cancelled' }, 10);
        const unfinished = await submit();
        const fresh = await submit({ atMs: 50 });
        await apply(fresh, { type: 'job-cancelled' }, 50);
        expect(await store.prune(50, 2)).toBe(2);
        expect(await store.prune(50, 2)).toBe(1);
        expect(await store.prune(50, 2)).toBe(0);
        for (const { id } of ended) expect(await store.input(id)).toBeUndefined();
        for (const { id } of ended) expect(await stores.jobs.get(id)).toBeUndefined();
        expect(await stores.jobs.get(unfinished.id)).toBeDefined();
        expect(await stores.jobs.get(fresh.id)).toBeDefined();
      });

      it('is nobody else’s business: the store of plain rows neither ends nor deletes these jobs', async () => {
        const { id } = await submit();
        const other = await submit();
        await apply(other, { type: 'job-cancelled' }, 1);
        expect(await stores.jobs.listUnfinished(1_000, 10)).toEqual([]);
        expect(await stores.jobs.prune(1_000, 10)).toBe(0);
        expect(await stores.jobs.get(id)).toBeDefined();
        await stores.jobs.saveAll([openJob({ kind: 'chat', model: 'tadpole', keyId: 'key_1' }, 1)]);
        expect(await store.prune(1_000, 10)).toBe(1);
        expect(await stores.jobs.listUnfinished(1_000, 10)).toHaveLength(1);
      });
    });

    it('changes nothing of a job that does not survive, or that is not there', async () => {
      const chat = openJob({ kind: 'chat', model: 'tadpole', keyId: 'key_1' }, 1);
      await stores.jobs.saveAll([chat]);
      expect(await apply(chat, { type: 'job-cancelled' })).toBeUndefined();
      expect(await apply({ id: 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn' }, failed)).toBeUndefined();
      expect(await store.input(chat.id)).toBeUndefined();
      expect(await stores.jobs.get(chat.id)).toEqual(chat);
    });
  });
}
