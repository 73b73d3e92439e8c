import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Stores } from '../stores/stores.ts';
import { compareCounts, type UsageCount } from './usage-count.ts';
import type { UsageStore } from './usage-store.ts';

/** What every usage store does. `open` gives empty stores, which the suite closes. */
export function testUsageStore(name: string, open: () => Stores): void {
  describe(`${name} as a usage store`, () => {
    let stores: Stores;
    let store: UsageStore;
    beforeEach(() => {
      stores = open();
      store = stores.usage;
    });
    afterEach(() => stores.close());

    it('adds counts of the same key, model and day', async () => {
      await store.addAll([count({ requests: 1, failed_requests: 1, prompt_tokens: 10, completion_tokens: 5 })]);
      await store.addAll([count({ requests: 2, prompt_tokens: 3_000_000_000_000 }), count({ completion_tokens: 1 })]);
      const sum = { requests: 3, failed_requests: 1, prompt_tokens: 3_000_000_000_010, completion_tokens: 6 };
      expect(await store.read({})).toEqual([count(sum)]);
    });

    it('keeps keys, models and days apart', async () => {
      const counts = [
        count({ requests: 1 }),
        count({ requests: 2, key_id: 'key_2' }),
        count({ requests: 3, model: `o'model` }),
        count({ requests: 4, day: '2025-06-02' }),
      ];
      await store.addAll(counts);
      expect((await store.read({})).sort(compareCounts)).toEqual(counts.sort(compareCounts));
    });

    it('reads what the filter asks for, first and last day included', async () => {
      const days = ['2025-05-31', '2025-06-01', '2025-06-02', '2025-06-03'];
      await store.addAll(days.map((day) => count({ day })));
      await store.addAll([count({ day: '2025-06-02', key_id: 'key_2' }), count({ day: '2025-06-02', model: 'other' })]);
      const asked = async (filter: Parameters<UsageStore['read']>[0]) =>
        (await store.read(filter)).map(({ day, key_id, model }) => `${day} ${key_id} ${model}`).sort();
      expect(await asked({ from: '2025-06-01', to: '2025-06-02', keyId: 'key_1', model: 'tadpole' })).toEqual([
        '2025-06-01 key_1 tadpole',
        '2025-06-02 key_1 tadpole',
      ]);
      expect(await asked({ keyId: 'key_2' })).toEqual(['2025-06-02 key_2 tadpole']);
      expect(await asked({ model: 'other' })).toEqual(['2025-06-02 key_1 other']);
      expect(await asked({ from: '2025-06-03' })).toEqual(['2025-06-03 key_1 tadpole']);
      expect(await asked({ to: '2025-05-31' })).toEqual(['2025-05-31 key_1 tadpole']);
      expect(await asked({ keyId: 'key_3' })).toEqual([]);
    });
  });
}

function count(fields: Partial<UsageCount>): UsageCount {
  return {
    key_id: 'key_1',
    model: 'tadpole',
    day: '2025-06-01',
    requests: 0,
    failed_requests: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    ...fields,
  };
}
