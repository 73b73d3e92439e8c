import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultTimeouts } from '../jobs/durable/job-timeouts.ts';
import { type JobChange, openJob } from '../jobs/job-record.ts';
import type { Stores } from '../stores/stores.ts';
import type { WebhookStore } from './webhook-store.ts';

const url = 'https://example.com/hook';

/** What every store of webhook deliveries does. `open` gives empty stores, which the suite closes. */
export function testWebhookStore(name: string, open: () => Stores | Promise<Stores>): void {
  describe(`${name} as a store of webhook deliveries`, () => {
    let stores: Stores;
    let store: WebhookStore;
    beforeEach(async () => {
      stores = await open();
      store = stores.webhooks;
    });
    afterEach(() => stores.close());

    const submit = async (webhookUrl?: string) => {
      const record = openJob({ kind: 'video', model: 'wan2.1', keyId: 'key_1' }, 0);
      const job = { record, input: {}, timeouts: defaultTimeouts, ...(webhookUrl && { webhookUrl }) };
      await stores.durableJobs.submit(job, { perKey: 99, inAll: 99 });
      return record.id;
    };
    const apply = (id: string, ...changes: JobChange[]) =>
      changes.reduce<Promise<unknown>>(
        (before, change) => before.then(() => stores.durableJobs.apply(id, change, { atMs: 10 })),
        Promise.resolve(),
      );
    const finish = async () => {
      const id = await submit(url);
      await apply(id, { type: 'job-cancelled' });
      return id;
    };
    const tried = { atMs: 20, durationMs: 5, status: 500, error: 'the receiver answered 500' };

    it.each<[string, JobChange[]]>([
      ['job.completed', [{ type: 'deal-agreed', provider: 'gpu' }, { type: 'results-submitted' }]],
      ['job.failed', [{ type: 'job-failed', failure: { code: 'engine-failed', message: 'It broke off.' } }]],
      ['job.cancelled', [{ type: 'job-cancelled' }]],
      ['job.timed_out', [{ type: 'match-timed-out' }]],
    ])('has one %s when a job has ended so, with the job as it ended', async (event, changes) => {
      const id = await submit(url);
      expect(await store.list(id)).toEqual([]);
      await apply(id, ...changes);
      const record = await stores.jobs.get(id);
      await apply(id, { type: 'results-accepted' });
      expect(await store.list(id)).toEqual([
        {
          ...{ id: expect.stringMatching(/^msg_[0-9a-f]{32}$/), jobId: id, keyId: 'key_1', url, event, record },
          ...{ createdAtMs: 10, state: 'waiting', nextTryAtMs: 10, tries: [], round: 0 },
        },
      ]);
    });

    it('has none for a job that asked for none', async () => {
      const id = await submit();
      await apply(id, { type: 'job-cancelled' });
      expect(await store.list(id)).toEqual([]);
      expect(await store.claimDue(1e9, 2e9, 10)).toEqual([]);
    });

    it('gives each due delivery to one sender, and again when the hold is over', async () => {
      await Promise.all(Array.from({ length: 5 }, finish));
      expect(await store.claimDue(9, 100, 10)).toEqual([]);
      const claims = await Promise.all([store.claimDue(10, 100, 3), store.claimDue(10, 100, 3)]);
      expect(new Set(claims.flat().map(({ id }) => id)).size).toBe(5);
      expect(await store.claimDue(99, 200, 10)).toEqual([]);
      expect((await store.claimDue(100, 200, 10)).map(({ attempt }) => attempt)).toEqual([2, 2, 2, 2, 2]);
    });

    it('keeps every try, and when the next is due', async () => {
      const jobId = await finish();
      const [first] = await store.claimDue(10, 100, 1);
      expect(await store.settle(first?.id ?? '', 1, { try: tried, state: 'waiting', nextTryAtMs: 50 })).toBe(true);
      expect(await store.claimDue(49, 100, 1)).toEqual([]);
      const [second] = await store.claimDue(50, 100, 1);
      expect(second).toMatchObject({ round: 1, attempt: 2, tries: [tried] });
      const taken = { ...tried, status: 200, error: null };
      await store.settle(second?.id ?? '', 2, { try: taken, state: 'delivered', nextTryAtMs: null });
      expect(await store.list(jobId)).toMatchObject([{ state: 'delivered', nextTryAtMs: null, tries: [tried, taken] }]);
      expect(await store.claimDue(1e9, 2e9, 1)).toEqual([]);
    });

    it('lets a sender that was too slow note nothing', async () => {
      await finish();
      const [first] = await store.claimDue(10, 20, 1);
      await store.claimDue(20, 30, 1);
      const outcome = { try: tried, state: 'given-up', nextTryAtMs: null } as const;
      expect(await store.settle(first?.id ?? '', 1, outcome)).toBe(false);
      expect(await store.settle(first?.id ?? '', 2, outcome)).toBe(true);
    });

    it('sends again what is asked for again, with a new round and the same id', async () => {
      const jobId = await finish();
      const [first] = await store.claimDue(10, 20, 1);
      await store.settle(first?.id ?? '', 1, { try: tried, state: 'given-up', nextTryAtMs: null });
      expect(await store.redeliver('another job', first?.id ?? '', 60)).toBeUndefined();
      expect(await store.redeliver(jobId, 'msg_0', 60)).toBeUndefined();
      const again = await store.redeliver(jobId, first?.id ?? '', 60);
      expect(again).toMatchObject({ id: first?.id, state: 'waiting', nextTryAtMs: 60, round: 0, tries: [tried] });
      expect(await store.claimDue(60, 90, 1)).toMatchObject([{ id: first?.id }]);
    });

    it('keeps the last thirty tries of a delivery that is asked for for ever', async () => {
      const jobId = await finish();
      for (let attempt = 1; attempt <= 35; attempt++) {
        const [claimed] = await store.claimDue(1e6, 1e6 + attempt, 1);
        const outcome = { try: { ...tried, atMs: attempt }, state: 'waiting', nextTryAtMs: 0 } as const;
        await store.settle(claimed?.id ?? '', claimed?.attempt ?? 0, outcome);
      }
      const [delivery] = await store.list(jobId);
      expect(delivery?.tries.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 30 }, (_, index) => index + 6));
    });

    it('forgets the deliveries of a job that is deleted', async () => {
      const jobId = await finish();
      await stores.durableJobs.prune(1_000, 10);
      expect(await store.list(jobId)).toEqual([]);
      expect(await store.claimDue(1e9, 2e9, 10)).toEqual([]);
    });

    it('keeps the first secret for ever', async () => {
      const secrets = await Promise.all(['one', 'two'].map((candidate) => store.masterSecret(candidate)));
      expect(new Set(secrets).size).toBe(1);
      expect(await store.masterSecret('three')).toBe(secrets[0]);
    });
  });
}
