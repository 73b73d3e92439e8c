import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { ResourceOffer } from '../catalog/resource-offer.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { ManualClock } from './__fixtures__/manual-clock.ts';
import { job, offer } from './__fixtures__/offers.ts';
import { conversationPrefixes } from './conversation-prefixes.ts';
import type { JobOffer } from './job-offer.ts';
import type { Lease } from './lease.ts';
import { type AcquireOptions, Scheduler, type SchedulerOptions } from './scheduler.ts';

const made: { scheduler: Scheduler; clock: ManualClock }[] = [];

function schedulerOf(offers: ResourceOffer[], options: Partial<SchedulerOptions> = {}) {
  const clock = new ManualClock();
  const now = { offers };
  const scheduler = new Scheduler({ offers: () => now.offers, clock, ...options });
  made.push({ scheduler, clock });
  const change = (changed: ResourceOffer[]) => {
    now.offers = changed;
    scheduler.offersChanged();
  };
  return { scheduler, clock, change };
}

afterEach(() => {
  for (const { scheduler, clock } of made.splice(0)) {
    scheduler.close();
    expect(clock.pending).toBe(0);
  }
});

/** Asks for a slot and says how it stands without waiting for it. */
function ask(scheduler: Scheduler, wanted: JobOffer = job(), options?: AcquireOptions) {
  const asked: { lease?: Lease; error?: GatewayError } = {};
  scheduler.acquire(wanted, options).then(
    (lease) => {
      asked.lease = lease;
    },
    (error) => {
      asked.error = error;
    },
  );
  return asked;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const fault = new GatewayError('engine-failed', 'It broke.', { retry: 'elsewhere' });

async function refusal(promise: Promise<unknown>): Promise<GatewayError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!GatewayError.is(error)) throw new Error('expected a refusal');
  return error;
}

async function breakOffer(scheduler: Scheduler, wanted = job()) {
  for (let call = 0; call < 5; call++) (await scheduler.acquire(wanted)).release(fault);
}

test('a free slot is given at once, and again after its release', async () => {
  const { scheduler } = schedulerOf([offer()]);
  const first = await scheduler.acquire(job());
  expect(first).toMatchObject({ offer: { id: 'a/frog' }, waitedMs: 0 });
  const second = ask(scheduler);
  await turn();
  expect(second.lease).toBeUndefined();
  first.release();
  first.release();
  await turn();
  expect(second.lease?.offer.id).toBe('a/frog');
  expect(scheduler.snapshot()).toMatchObject({ running: 1, waiting: 0, offers: [{ busy: 1, granted: 2 }] });
});

test('an alias finds the model behind it', async () => {
  const { scheduler } = schedulerOf([offer()], { aliases: { 'gpt-4o': 'frog' } });
  expect((await scheduler.acquire(job({ model: 'gpt-4o' }))).offer.model).toBe('frog');
});

test('equal providers get equal work, however much of it overlaps', async () => {
  const providers = ['a', 'b', 'c'].map((provider) => offer({ provider, slots: 4 }));
  const { scheduler } = schedulerOf(providers);
  const held: Lease[] = [];
  for (let request = 0; request < 900; request++) {
    held.push(await scheduler.acquire(job({ keyId: `key ${request % 7}` })));
    if (request % 5 > 1) held.splice((request * 7) % held.length, 1)[0]?.release();
    while (held.length > 8) held.shift()?.release();
  }
  for (const { granted } of scheduler.snapshot().offers) expect(Math.abs(granted - 300)).toBeLessThanOrEqual(30);
});

test('a conversation stays where it is cached, a new one does not', async () => {
  const { scheduler } = schedulerOf([offer({ provider: 'a' }), offer({ provider: 'b' })]);
  const messages: { role: string; content: string }[] = [{ role: 'user', content: 'Hello' }];
  const say = async () => {
    const lease = await scheduler.acquire(job({ conversation: conversationPrefixes(messages) }));
    lease.release();
    return lease.offer.provider;
  };
  const first = await say();
  for (let round = 0; round < 4; round++) {
    messages.push({ role: 'assistant', content: `Croak ${round}` }, { role: 'user', content: 'And then?' });
    expect(await say()).toBe(first);
  }
  messages.splice(0, messages.length, { role: 'user', content: 'Hello again' });
  expect(await say()).not.toBe(first);
});

test('failover finds another provider, and says so when none is left', async () => {
  const { scheduler } = schedulerOf([offer({ provider: 'a' }), offer({ provider: 'b' })]);
  const first = await scheduler.acquire(job());
  first.release(fault);
  const second = await scheduler.acquire(job(), { exclude: new Set([first.offer.id]) });
  expect(second.offer.id).not.toBe(first.offer.id);
  second.release(fault);
  const error = await refusal(scheduler.acquire(job(), { exclude: new Set([first.offer.id, second.offer.id]) }));
  expect(error).toMatchObject({ code: 'no-capacity' });
  expect(error.data.refusals).toHaveLength(2);
});

test('one request that waits is not passed by the five hundred of another key', async () => {
  const { scheduler } = schedulerOf([offer({ slots: 2 })]);
  const running = [
    await scheduler.acquire(job({ keyId: 'greedy' })),
    await scheduler.acquire(job({ keyId: 'greedy' })),
  ];
  const greedy = Array.from({ length: 500 }, () => ask(scheduler, job({ keyId: 'greedy' })));
  const modest = ask(scheduler, job({ keyId: 'modest' }));
  for (const lease of running) lease.release();
  await turn();
  expect(modest.lease).toBeDefined();
  expect(greedy.filter(({ lease }) => lease)).toHaveLength(1);
});

test('a client that leaves leaves the queue at once', async () => {
  const { scheduler, clock } = schedulerOf([offer()]);
  const lease = await scheduler.acquire(job());
  const leaving = new AbortController();
  const first = ask(scheduler, job(), { signal: leaving.signal });
  const second = ask(scheduler);
  leaving.abort();
  await turn();
  expect(first.error).toMatchObject({ code: 'cancelled' });
  expect(scheduler.snapshot().waiting).toBe(1);
  lease.release();
  await turn();
  expect(second.lease).toBeDefined();
  expect(clock.pending).toBe(0);
});

test('a client that has left already gets nothing', async () => {
  const { scheduler } = schedulerOf([offer()]);
  const reason = new GatewayError('engine-timeout', 'Too late.');
  expect(await refusal(scheduler.acquire(job(), { signal: AbortSignal.abort(reason) }))).toBe(reason);
  expect(scheduler.snapshot().running).toBe(0);
});

test('a request that waited too long is told when to come back', async () => {
  const { scheduler, clock } = schedulerOf([offer()]);
  const warmUp = await scheduler.acquire(job());
  clock.advance(10_000);
  warmUp.release();
  await scheduler.acquire(job());
  const waiting = [ask(scheduler), ask(scheduler, job(), { matchTimeoutMs: 60_000 })];
  clock.advance(29_999);
  await turn();
  expect(waiting[0]?.error).toBeUndefined();
  clock.advance(1);
  await turn();
  // One still waits, each takes 10 s: after 20 s there is a slot.
  expect(waiting[0]?.error).toMatchObject({ code: 'engine-timeout', data: { retryAfterMs: 20_000 } });
  expect(waiting[1]?.error).toBeUndefined();
});

test('a full queue refuses at once, a key with its share of it before that', async () => {
  const { scheduler, clock } = schedulerOf([offer({ slots: 2 })], { maxQueued: 4 });
  const warmUp = await scheduler.acquire(job());
  clock.advance(4000);
  warmUp.release();
  await Promise.all([scheduler.acquire(job()), scheduler.acquire(job())]);
  const ofOne = Array.from({ length: 3 }, () => ask(scheduler, job({ keyId: 'one' })));
  await turn();
  expect(ofOne.map(({ error }) => error?.code)).toEqual([undefined, undefined, 'rate-limited']);
  expect(ofOne[2]?.error?.message).toContain('its share');
  const others = ['two', 'three', 'four'].map((keyId) => ask(scheduler, job({ keyId })));
  await turn();
  expect(others.map(({ error }) => error?.code)).toEqual([undefined, undefined, 'rate-limited']);
  // Four wait and one more, two every 4 s.
  expect(others[2]?.error?.data.retryAfterMs).toBe(10_000);
});

test('a slot goes to the first that can use it, whoever waits longer for something else', async () => {
  const { scheduler } = schedulerOf([
    offer({ provider: 'blind' }),
    offer({ provider: 'seeing', capabilities: ['vision'] }),
  ]);
  const vision = { needs: { capabilities: ['vision' as const] } };
  const seeing = await scheduler.acquire(job(vision));
  const blind = await scheduler.acquire(job());
  const picture = ask(scheduler, job(vision));
  const words = ask(scheduler);
  blind.release();
  await turn();
  expect(words.lease?.offer.provider).toBe('blind');
  expect(picture.lease).toBeUndefined();
  seeing.release();
  await turn();
  expect(picture.lease?.offer.provider).toBe('seeing');
});

test('new offers and more slots serve those who wait', async () => {
  const { scheduler, change } = schedulerOf([offer()]);
  await scheduler.acquire(job());
  const waiting = Array.from({ length: 3 }, () => ask(scheduler));
  change([offer({ slots: 2 }), offer({ provider: 'b' })]);
  await turn();
  expect(waiting.map(({ lease }) => lease?.offer.provider)).toEqual(['a', 'b', undefined]);
});

test('an offer that went away gets nothing more, and what it runs does not count twice when it returns', async () => {
  const { scheduler, change } = schedulerOf([offer()]);
  const lease = await scheduler.acquire(job());
  change([]);
  expect(await refusal(scheduler.acquire(job()))).toMatchObject({ code: 'no-capacity' });
  change([offer()]);
  const waiting = ask(scheduler);
  await turn();
  expect(waiting.lease).toBeUndefined();
  lease.release();
  await turn();
  expect(waiting.lease).toBeDefined();
});

test('an unknown model is refused with the names there are and what to do', async () => {
  const { scheduler } = schedulerOf([offer({ model: 'llama3.1:8b' }), offer({ model: 'tadpole' })]);
  const error = await refusal(scheduler.acquire(job({ model: 'lama3.1:8b' })));
  expect(error).toMatchObject({ code: 'not-found', data: { openaiCode: 'model_not_found', param: 'model' } });
  expect(error.message).toContain('Did you mean llama3.1:8b?');
  expect(error.message).toContain('tadpole');
  expect(error.message).toContain('anura pull lama3.1:8b');
});

test('a capability nobody has is refused with who offers the model without it, and which model has it', async () => {
  const { scheduler } = schedulerOf([
    offer({ provider: 'a', model: 'llama3.1:8b' }),
    offer({ provider: 'b', model: 'llama3.1:8b' }),
    offer({ provider: 'b', model: 'llava:7b', capabilities: ['vision'] }),
  ]);
  const wanted = job({ model: 'llama3.1:8b', needs: { capabilities: ['vision'] } });
  const error = await refusal(scheduler.acquire(wanted));
  expect(error).toMatchObject({ code: 'invalid-request', data: { param: 'messages' } });
  expect(error.message).toContain('no provider offers vision for llama3.1:8b; 2 offer it without');
  expect(error.message).toContain('llava:7b');
  expect(error.data.refusals).toEqual([
    { provider: 'a', model: 'llama3.1:8b', reason: 'no vision' },
    { provider: 'b', model: 'llama3.1:8b', reason: 'no vision' },
  ]);
});

test('a request longer than every context is refused in the words OpenAI clients know', async () => {
  const { scheduler } = schedulerOf([offer({ contextLength: 1024 }), offer({ provider: 'b', contextLength: 2048 })]);
  const error = await refusal(scheduler.acquire(job({ needs: { capabilities: [], contextTokens: 3000 } })));
  expect(error).toMatchObject({ code: 'invalid-request', data: { openaiCode: 'context_length_exceeded' } });
  expect(error.message).toContain('about 3000 tokens of context, and frog has 2048');
});

test('a model that makes something else is refused by name', async () => {
  const { scheduler } = schedulerOf([offer({ model: 'sdxl-turbo', modality: 'image' }), offer()]);
  const error = await refusal(scheduler.acquire(job({ model: 'sdxl-turbo' })));
  expect(error.message).toContain('sdxl-turbo makes image, not chat');
  expect(error.data.param).toBe('model');
});

test('a provider that keeps failing rests; requests ride out a short rest and are refused in a long one', async () => {
  const { scheduler, clock } = schedulerOf([offer({ slots: 4 })]);
  await breakOffer(scheduler);
  const riding = [ask(scheduler), ask(scheduler)];
  await turn();
  expect(riding.some(({ lease, error }) => lease || error)).toBe(false);
  clock.advance(1000);
  await turn();
  expect(riding.map(({ lease }) => lease !== undefined)).toEqual([true, false]);
  riding[0]?.lease?.release(fault);
  clock.advance(2000);
  await turn();
  riding[1]?.lease?.release(fault);
  const error = await refusal(scheduler.acquire(job()));
  expect(error).toMatchObject({ code: 'no-capacity', data: { retryAfterMs: 4000 } });
  expect(error.data.refusals?.[0]?.reason).toContain('failed repeatedly');
  clock.advance(4000);
  expect((await scheduler.acquire(job())).offer.id).toBe('a/frog');
});

test('those who wait hear at once when the last provider is put to a long rest', async () => {
  const { scheduler } = schedulerOf([offer()], { rideOutMs: 500 });
  for (let call = 0; call < 4; call++) (await scheduler.acquire(job())).release(fault);
  const last = await scheduler.acquire(job());
  const waiting = ask(scheduler);
  last.release(fault);
  await turn();
  expect(waiting.error).toMatchObject({ code: 'no-capacity', data: { retryAfterMs: 1000 } });
});

test('the first token of a probe is proof enough for the others', async () => {
  const { scheduler, clock } = schedulerOf([offer({ slots: 4 })]);
  await breakOffer(scheduler);
  const waiting = Array.from({ length: 4 }, () => ask(scheduler));
  clock.advance(1000);
  await turn();
  expect(waiting.filter(({ lease }) => lease)).toHaveLength(1);
  waiting.find(({ lease }) => lease)?.lease?.firstToken();
  await turn();
  expect(waiting.filter(({ lease }) => lease)).toHaveLength(4);
});

test('mistakes of callers do not put a provider to rest', async () => {
  const { scheduler } = schedulerOf([offer()]);
  for (const code of ['invalid-request', 'cancelled', 'internal'] as const) {
    for (let call = 0; call < 20; call++) (await scheduler.acquire(job())).release(new GatewayError(code, 'No.'));
  }
  expect(scheduler.snapshot().offers[0]).toMatchObject({ health: 'closed', faults: 0 });
});

test('a provider that says it is busy is left alone as long as it asks', async () => {
  const { scheduler, clock } = schedulerOf([offer({ provider: 'a' }), offer({ provider: 'b' })]);
  const lease = await scheduler.acquire(job());
  lease.release(new GatewayError('no-capacity', 'Busy.', { retryAfterMs: 7000, retry: 'elsewhere' }));
  const others = await Promise.all(
    [1, 2].map(async () => {
      const next = await scheduler.acquire(job());
      next.release();
      return next.offer.id;
    }),
  );
  expect(others).not.toContain(lease.offer.id);
  clock.advance(7000);
  expect((await scheduler.acquire(job())).offer.id).toBe(lease.offer.id);
});

test('a request holds out for a loaded model that is nearly free, but not longer than loading another takes', async () => {
  const loaded = offer({ provider: 'loaded' });
  const cold = offer({ provider: 'cold', state: 'cold', loadMs: 9000 });
  const { scheduler, clock } = schedulerOf([loaded, cold]);
  const warmUp = await scheduler.acquire(job());
  clock.advance(2000);
  warmUp.release();
  await scheduler.acquire(job());
  const waiting = ask(scheduler);
  clock.advance(6999);
  await turn();
  expect(waiting.lease).toBeUndefined();
  clock.advance(1);
  await turn();
  expect(waiting.lease?.offer.provider).toBe('cold');
});

test('explain says where a request would go and why, and takes nothing', async () => {
  const { scheduler } = schedulerOf([
    offer({ provider: 'a', capabilities: ['tools'], slots: 2 }),
    offer({ provider: 'b', capabilities: ['tools'], state: 'cold', loadMs: 4000, price: 3 }),
    offer({ provider: 'c' }),
  ]);
  const wanted = job({ needs: { capabilities: ['tools'] } });
  await scheduler.acquire(wanted);
  const explanation = scheduler.explain(wanted);
  expect(explanation).toEqual({
    candidates: [
      {
        provider: 'a',
        model: 'frog',
        loaded: true,
        expected_wait_ms: 5,
        slots: 2,
        busy: 1,
        reasons: ['1 of 2 slots free', 'loaded', 'reads the prompt in about 0.0 s'],
      },
      {
        provider: 'b',
        model: 'frog',
        loaded: false,
        expected_wait_ms: 4005,
        slots: 1,
        busy: 0,
        reasons: [
          '1 of 1 slots free',
          'cold, about 4.0 s until it is loaded',
          'reads the prompt in about 0.0 s',
          'price 3',
        ],
      },
    ],
    refusals: [{ provider: 'c', model: 'frog', reason: 'no tools' }],
    expected_wait_ms: 5,
    queue_position: 0,
  });
  expect(scheduler.snapshot().running).toBe(1);
});

test('explain counts who would go first, and says null when nobody can', async () => {
  const { scheduler } = schedulerOf([offer()]);
  await scheduler.acquire(job());
  for (let n = 0; n < 3; n++) ask(scheduler, job({ keyId: 'other' }));
  expect(scheduler.explain(job({ keyId: 'me' })).queue_position).toBe(1);
  const impossible = scheduler.explain(job({ needs: { capabilities: ['vision'] } }));
  expect(impossible).toMatchObject({ candidates: [], expected_wait_ms: null, queue_position: null });
  expect(() => scheduler.explain(job({ model: 'toad' }))).toThrow('No provider offers the model');
});

test('a hedge takes a free slot elsewhere or nothing', async () => {
  const { scheduler } = schedulerOf([offer({ provider: 'a' }), offer({ provider: 'b' })]);
  const lease = await scheduler.acquire(job());
  const exclude = new Set([lease.offer.id]);
  const hedge = scheduler.tryAcquire(job(), exclude);
  expect(hedge?.offer.id).not.toBe(lease.offer.id);
  expect(scheduler.tryAcquire(job(), exclude)).toBeUndefined();
});

test('a late first token is known after ten', async () => {
  const { scheduler, clock } = schedulerOf([offer()]);
  for (let call = 0; call < 10; call++) {
    const lease = await scheduler.acquire(job());
    expect(lease.lateFirstTokenMs).toBeUndefined();
    clock.advance(100);
    lease.firstToken();
    lease.release();
  }
  const late = (await scheduler.acquire(job())).lateFirstTokenMs;
  expect(late).toBeGreaterThan(100);
  expect(late).toBeLessThan(200);
});

test('draining lets those who wait and run finish, and takes nobody new', async () => {
  const { scheduler } = schedulerOf([offer()]);
  const lease = await scheduler.acquire(job());
  const waiting = ask(scheduler);
  let drained = false;
  const draining = scheduler.drain().then(() => {
    drained = true;
  });
  expect(await refusal(scheduler.acquire(job()))).toMatchObject({ code: 'no-capacity' });
  lease.release();
  await turn();
  expect(drained).toBe(false);
  waiting.lease?.release();
  await draining;
});

test('closing sends those who wait away and lets leases end', async () => {
  const { scheduler } = schedulerOf([offer()]);
  const lease = await scheduler.acquire(job());
  const waiting = ask(scheduler);
  scheduler.close();
  await turn();
  expect(waiting.error).toMatchObject({ code: 'no-capacity' });
  lease.release();
  expect(scheduler.snapshot().running).toBe(0);
});

test('whatever happens, slots are never exceeded, no slot idles while somebody could use it, and everything ends', async () => {
  const slots = [1, 2, 3];
  const kinds = fc.constantFrom('ask', 'ask', 'ask', 'release', 'release', 'fail', 'leave', 'wait');
  const action = fc.record({ kind: kinds, pick: fc.nat(1000), key: fc.nat(3) });
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 120 }), async (actions) => {
      const { scheduler, clock } = schedulerOf(slots.map((count, n) => offer({ provider: `p${n}`, slots: count })));
      const asked: { state: ReturnType<typeof ask>; leaving: AbortController }[] = [];
      const running = new Set<Lease>();
      for (const { kind, pick, key } of actions) {
        const lease = [...running][pick % Math.max(1, running.size)];
        if (kind === 'ask') {
          const leaving = new AbortController();
          asked.push({ state: ask(scheduler, job({ keyId: `${key}` }), { signal: leaving.signal }), leaving });
        } else if (kind === 'leave') asked[pick % Math.max(1, asked.length)]?.leaving.abort();
        else if (kind === 'wait') clock.advance(pick * 10);
        else if (lease && running.delete(lease)) lease.release(kind === 'fail' ? fault : undefined);
        await turn();
        for (const { state } of asked) {
          if (!state.lease) continue;
          running.add(state.lease);
          delete state.lease;
        }
        const { waiting, offers } = scheduler.snapshot();
        for (const one of offers) {
          expect(one.busy).toBeLessThanOrEqual(one.slots);
          if (waiting > 0 && one.health === 'closed') expect(one.busy).toBe(one.slots);
        }
        expect(offers.reduce((sum, one) => sum + one.busy, 0)).toBe(running.size);
      }
      clock.advance(31_000);
      await turn();
      for (const { state } of asked) state.lease?.release();
      for (const lease of running) lease.release();
      await turn();
      expect(scheduler.snapshot()).toMatchObject({ running: 0, waiting: 0 });
    }),
    { numRuns: 60 },
  );
});

test('offers of one group share their slots, and a slot given back may go to another model of the box', async () => {
  const box = { provider: 'box', slots: 2, slotGroup: 'box' };
  const { scheduler } = schedulerOf([
    offer({ ...box, id: 'box/one', model: 'one' }),
    offer({ ...box, id: 'box/two', model: 'two' }),
  ]);
  const first = await scheduler.acquire(job({ model: 'one' }));
  await scheduler.acquire(job({ model: 'two' }));
  const waiting = ask(scheduler, job({ model: 'two' }));
  await turn();
  expect(waiting.lease).toBeUndefined();
  expect(scheduler.snapshot().offers.map(({ busy }) => busy)).toEqual([2, 2]);

  first.release();
  await turn();
  expect(waiting.lease?.offer.id).toBe('box/two');
});
