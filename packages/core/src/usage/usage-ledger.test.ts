import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { MemoryUsageStore } from '../stores/memory/memory-usage-store.ts';
import { UsageLedger, type UsageLedgerOptions } from './usage-ledger.ts';

const log = { info: vi.fn(), warn: vi.fn() };
const noonMs = Date.parse('2025-06-01T12:00:00.000Z');
const request = { keyId: 'key_1', model: 'tadpole', failed: false, promptTokens: 10, completionTokens: 5 };

const ledgers: UsageLedger[] = [];
afterEach(async () => {
  vi.clearAllMocks();
  await Promise.all(ledgers.splice(0).map((ledger) => ledger.close()));
});

function openLedger(options: Partial<UsageLedgerOptions> = {}): UsageLedger {
  const ledger = new UsageLedger({
    store: new MemoryUsageStore(),
    log,
    now: () => noonMs,
    delayMs: 60_000,
    ...options,
  });
  ledgers.push(ledger);
  return ledger;
}

const once = {
  key_id: 'key_1',
  model: 'tadpole',
  day: '2025-06-01',
  requests: 1,
  failed_requests: 0,
  prompt_tokens: 10,
  completion_tokens: 5,
  total_tokens: 15,
};

it('reports what was counted, written or not, once', async () => {
  const ledger = openLedger();
  ledger.record(request);
  expect(await ledger.report()).toEqual([once]);
  await ledger.flush();
  expect(await ledger.report()).toEqual([once]);
  ledger.record({ ...request, failed: true, promptTokens: 0, completionTokens: 0 });
  expect(await ledger.report()).toEqual([{ ...once, requests: 2, failed_requests: 1 }]);
});

it('puts the newest day first and filters what is not written yet as well', async () => {
  let nowMs = noonMs;
  const ledger = openLedger({ now: () => nowMs });
  ledger.record(request);
  await ledger.flush();
  nowMs = Date.parse('2025-06-01T23:59:59.999Z');
  ledger.record({ ...request, keyId: 'key_2' });
  nowMs += 1;
  ledger.record(request);
  expect((await ledger.report()).map(({ day, key_id }) => `${day} ${key_id}`)).toEqual([
    '2025-06-02 key_1',
    '2025-06-01 key_1',
    '2025-06-01 key_2',
  ]);
  expect(await ledger.report({ from: '2025-06-02', keyId: 'key_1' })).toMatchObject([
    { day: '2025-06-02', requests: 1 },
  ]);
  expect(await ledger.report({ to: '2025-06-01', model: 'none' })).toEqual([]);
});

it('sums the tokens of a key in a month, written or not', async () => {
  let nowMs = Date.parse('2025-05-31T23:59:59.999Z');
  const ledger = openLedger({ now: () => nowMs });
  ledger.record(request);
  nowMs += 1;
  ledger.record(request);
  await ledger.flush();
  nowMs = Date.parse('2025-06-30T23:59:59.999Z');
  ledger.record({ ...request, model: 'other' });
  ledger.record({ ...request, keyId: 'key_2' });
  expect(await ledger.monthTokens('key_1', '2025-06')).toBe(30);
  expect(await ledger.monthTokens('key_1', '2025-05')).toBe(15);
  expect(await ledger.monthTokens('key_1', '2025-07')).toBe(0);
});

it('counts tokens that are no whole numbers as none', async () => {
  const ledger = openLedger();
  ledger.record({ ...request, promptTokens: Number.NaN, completionTokens: -3 });
  ledger.record({ ...request, promptTokens: 1.5, completionTokens: Number.POSITIVE_INFINITY });
  expect(await ledger.report()).toMatchObject([{ requests: 2, prompt_tokens: 0, completion_tokens: 0 }]);
});

it('counts each request once, however often writing fails and whenever reports are made', async () => {
  const step = fc.constantFrom('record', 'record', 'flush', 'failing-flush', 'report', 'slow-report');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const store = new MemoryUsageStore();
      const ledger = openLedger({ store });
      const background: Promise<unknown>[] = [];
      let recorded = 0;
      for (const name of steps) {
        if (name === 'record') {
          ledger.record(request);
          recorded++;
        } else if (name === 'report') {
          expect(await requests(ledger)).toBe(recorded);
        } else if (name === 'slow-report') {
          // Runs beside what follows; it may see later requests but never one twice.
          background.push(requests(ledger).then((seen) => expect(seen).toBeLessThanOrEqual(recorded)));
        } else {
          if (name === 'failing-flush')
            vi.spyOn(store, 'addAll').mockRejectedValueOnce(new Error('database is locked'));
          background.push(ledger.flush());
        }
      }
      await Promise.all(background);
      expect(await requests(ledger)).toBe(recorded);
      vi.restoreAllMocks();
      await ledger.close();
      expect((await store.read({}))[0]?.requests ?? 0).toBe(recorded);
    }),
    { numRuns: 200 },
  );
});

it('writes by itself after the delay', async () => {
  const store = new MemoryUsageStore();
  openLedger({ store, delayMs: 5 }).record(request);
  await vi.waitFor(async () => expect(await store.read({})).toMatchObject([{ requests: 1 }]));
});

async function requests(ledger: UsageLedger): Promise<number> {
  const rows = await ledger.report();
  return rows.reduce((sum, row) => sum + row.requests, 0);
}
