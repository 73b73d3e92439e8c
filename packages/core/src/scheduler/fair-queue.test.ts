import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FairQueue, type Queueable } from './fair-queue.ts';

interface Entry extends Queueable {
  readonly name: string;
}

const any = () => true;

function queueOf(...entries: (Queueable & { name?: string })[]): FairQueue<Entry> {
  const queue = new FairQueue<Entry>();
  for (const entry of entries) queue.push({ name: entry.keyId, ...entry });
  return queue;
}

function drain(queue: FairQueue<Entry>): string[] {
  const names: string[] = [];
  for (let entry = queue.take(any); entry; entry = queue.take(any)) names.push(entry.name);
  return names;
}

const line = (keyId: string, length: number, rest: Partial<Queueable> = {}) =>
  Array.from({ length }, (_, n) => ({ keyId, name: `${keyId}${n}`, ...rest }));

test('one key is served in the order in which its requests came', () => {
  expect(drain(queueOf(...line('a', 3)))).toEqual(['a0', 'a1', 'a2']);
});

test('a key with 500 waiting delays a key that comes with one by at most one', () => {
  for (const takenBefore of [0, 1, 7, 250]) {
    const queue = queueOf(...line('greedy', 500));
    for (let taken = 0; taken < takenBefore; taken++) queue.take(any);
    queue.push({ keyId: 'modest', name: 'modest' });
    expect(drain(queue).indexOf('modest')).toBeLessThanOrEqual(1);
  }
});

test('a key that asks again as soon as it was served gets its share, not more', () => {
  const queue = queueOf(...line('greedy', 100), { keyId: 'eager', name: 'eager' });
  const served: string[] = [];
  for (let turn = 0; turn < 40; turn++) {
    const keyId = queue.take(any)?.keyId ?? '';
    served.push(keyId);
    if (keyId === 'eager') queue.push({ keyId, name: keyId });
  }
  const eager = served.filter((keyId) => keyId === 'eager').length;
  expect(eager).toBeGreaterThanOrEqual(19);
  expect(eager).toBeLessThanOrEqual(21);
});

test('weights share the machine in their proportion', () => {
  const first40 = drain(queueOf(...line('heavy', 100, { weight: 3 }), ...line('light', 100))).slice(0, 40);
  expect(first40.filter((name) => name.startsWith('heavy')).length).toBeGreaterThanOrEqual(29);
  expect(first40.filter((name) => name.startsWith('light')).length).toBeGreaterThanOrEqual(9);
});

test('higher priority goes first, within a key and between keys, but not for ever', () => {
  const queue = queueOf(
    ...line('a', 2),
    { keyId: 'a', name: 'urgent', priority: 1 },
    ...line('b', 50, { priority: 1 }),
  );
  const order = drain(queue);
  expect(order[0]).toBe('urgent');
  expect(order.indexOf('a0')).toBeGreaterThan(5);
  expect(order.indexOf('a0')).toBeLessThan(12);
});

test('a key whose requests all left is not made to pay for them', () => {
  const queue = new FairQueue<Entry>();
  const leaving = line('hasty', 300);
  for (const entry of [...leaving, ...line('other', 50)]) queue.push(entry);
  for (const entry of leaving) expect(queue.remove(entry)).toBe(true);
  queue.push({ keyId: 'hasty', name: 'again' });
  expect(drain(queue).indexOf('again')).toBeLessThanOrEqual(1);
});

test('what is not waiting cannot be removed', () => {
  const queue = queueOf({ keyId: 'a' });
  expect(queue.remove({ keyId: 'a', name: 'a' })).toBe(false);
  expect(queue.length).toBe(1);
});

test('the fairest that is accepted is taken, the others keep their place', () => {
  const queue = queueOf(...line('a', 2), ...line('b', 2));
  expect(queue.take(({ name }) => name === 'b1')?.name).toBe('b1');
  expect(queue.take(() => false)).toBeUndefined();
  expect(drain(queue)).toEqual(['a0', 'b0', 'a1']);
});

test('the number ahead is what really goes first', () => {
  const keys = fc.constantFrom('a', 'b', 'c');
  const entries = fc.array(fc.record({ keyId: keys, weight: fc.constantFrom(1, 2, 4) }), { maxLength: 40 });
  fc.assert(
    fc.property(entries, fc.nat(10), keys, (waiting, taken, keyId) => {
      const weights: Record<string, number> = { a: 1, b: 2, c: 4 };
      const queue = queueOf(...waiting.map((entry) => ({ ...entry, weight: weights[entry.keyId] })));
      for (let turn = 0; turn < taken; turn++) queue.take(any);
      const newcomer = { keyId, weight: weights[keyId], name: 'newcomer' };
      const ahead = queue.ahead(newcomer);
      queue.push(newcomer);
      expect(Math.abs(drain(queue).indexOf('newcomer') - ahead)).toBeLessThanOrEqual(2);
    }),
  );
});

test('whatever comes and leaves: nothing is lost or doubled', () => {
  const action = fc.record({
    keyId: fc.constantFrom('a', 'b', 'c'),
    kind: fc.constantFrom('push', 'push', 'take', 'leave'),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const queue = new FairQueue<Entry>();
      const waiting = new Set<Entry>();
      for (const [index, { keyId, kind }] of actions.entries()) {
        if (kind === 'push') {
          const entry = { keyId, name: `${index}` };
          queue.push(entry);
          waiting.add(entry);
        } else if (kind === 'take') {
          const entry = queue.take(any);
          if (entry) expect(waiting.delete(entry)).toBe(true);
          else expect(waiting.size).toBe(0);
        } else {
          const [leaving] = [...waiting].filter((entry) => entry.keyId === keyId);
          if (leaving) expect(queue.remove(leaving) && waiting.delete(leaving)).toBe(true);
        }
        expect(queue.length).toBe(waiting.size);
        expect(new Set(queue)).toEqual(waiting);
      }
    }),
  );
});

test('while equal keys wait, none is ever more than one turn ahead of another', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(lengths, (all) => {
      const queue = queueOf(...all.flatMap((length, key) => line(`key${key}`, length)));
      const served = all.map(() => 0);
      for (let entry = queue.take(any); entry; entry = queue.take(any)) {
        const key = Number(entry.keyId.slice(3));
        served[key] = (served[key] ?? 0) + 1;
        const waiting = served.filter((count, index) => count < (all[index] ?? 0));
        if (waiting.length > 1) expect(Math.max(...waiting) - Math.min(...waiting)).toBeLessThanOrEqual(1);
      }
      expect(served).toEqual(all);
    }),
  );
});
