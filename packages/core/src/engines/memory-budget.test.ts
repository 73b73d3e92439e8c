import { describe, expect, it } from 'vitest';
import { createMemoryBudget, type MemoryClaim } from './memory-budget.ts';

const never = new AbortController().signal;

/** Claims that write their name into `unloaded` when they must go. */
function claims() {
  const unloaded: string[] = [];
  const claim = (name: string, sizeBytes: number): MemoryClaim => ({
    name,
    sizeBytes,
    unload: async () => void unloaded.push(name),
  });
  return { claim, unloaded };
}

describe('a memory budget', () => {
  it('unloads idle models, the one that waited longest first, and only as many as need be', async () => {
    const { claim, unloaded } = claims();
    const budget = createMemoryBudget({ limitBytes: 100 });
    const first = await budget.hold(claim('first', 40), never);
    const second = await budget.hold(claim('second', 40), never);
    second.idle();
    first.idle();
    await budget.hold(claim('third', 50), never);
    expect(unloaded).toEqual(['second']);
    expect(budget.usedBytes).toBe(90);
  });

  it('never unloads what is in use: who needs the room waits for its last user', async () => {
    const { claim, unloaded } = claims();
    const budget = createMemoryBudget({ limitBytes: 100 });
    const first = await budget.hold(claim('first', 80), never);
    first.busy();
    const granted = watch(budget.hold(claim('second', 80), never));
    first.idle();
    await turnsOfTheLoop();
    expect([granted.settled, unloaded]).toEqual([false, []]);
    first.idle();
    await granted.promise;
    expect(unloaded).toEqual(['first']);
  });

  it('gives a model’s room to who waits when it is released', async () => {
    const { claim, unloaded } = claims();
    const budget = createMemoryBudget({ limitBytes: 100 });
    const first = await budget.hold(claim('first', 80), never);
    const second = budget.hold(claim('second', 80), never);
    await turnsOfTheLoop();
    first.release();
    await second;
    expect(unloaded).toEqual([]);
  });

  it('serves who asks first, though a smaller one would fit', async () => {
    const { claim } = claims();
    const budget = createMemoryBudget({ limitBytes: 100 });
    const busy = await budget.hold(claim('busy', 60), never);
    const order: string[] = [];
    const large = budget.hold(claim('large', 80), never).then(() => order.push('large'));
    const small = budget.hold(claim('small', 10), never).then(() => order.push('small'));
    await turnsOfTheLoop();
    busy.idle();
    await Promise.all([large, small]);
    expect(order).toEqual(['large', 'small']);
  });

  it('ends the wait of who gives up, first in line or behind, and serves the others', async () => {
    const { claim } = claims();
    const budget = createMemoryBudget({ limitBytes: 100 });
    await budget.hold(claim('busy', 60), never);
    const [front, behind] = [new AbortController(), new AbortController()];
    const first = budget.hold(claim('first', 80), front.signal);
    const second = budget.hold(claim('second', 80), behind.signal);
    const third = budget.hold(claim('third', 40), never);
    behind.abort(new Error('tired'));
    await expect(second).rejects.toThrow('tired');
    front.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await third;
    expect(budget.usedBytes).toBe(100);
  });

  it('refuses at once what can never fit, and unloads nothing for it', async () => {
    const { claim, unloaded } = claims();
    const budget = createMemoryBudget({ limitBytes: 100e6 });
    (await budget.hold(claim('small', 40e6), never)).idle();
    const refused = budget.hold(claim('huge', 101e6), never);
    await expect(refused).rejects.toMatchObject({ code: 'no-capacity', retry: 'elsewhere' });
    await expect(refused).rejects.toThrow(/"huge" needs 101 MB .* more than the 100 MB/);
    expect(unloaded).toEqual([]);
  });

  it('does not promise the same room twice to two who ask at once', async () => {
    const { claim, unloaded } = claims();
    const budget = createMemoryBudget({ limitBytes: 100 });
    (await budget.hold(claim('old', 90), never)).idle();
    const first = budget.hold(claim('a', 60), never);
    const second = watch(budget.hold(claim('b', 60), never));
    const hold = await first;
    await turnsOfTheLoop();
    expect([second.settled, budget.usedBytes, unloaded]).toEqual([false, 60, ['old']]);
    hold.idle();
    await second.promise;
    expect(budget.usedBytes).toBe(60);
  });

  it('takes back what was released, once', async () => {
    const budget = createMemoryBudget({ limitBytes: 100 });
    const hold = await budget.hold(claims().claim('model', 60), never);
    hold.release();
    hold.release();
    hold.idle();
    expect(budget.usedBytes).toBe(0);
  });
});

function watch<T>(promise: Promise<T>) {
  const watched = { promise, settled: false };
  const settle = () => {
    watched.settled = true;
  };
  promise.then(settle, settle);
  return watched;
}

/** Long enough for all that needs no more than promises. */
async function turnsOfTheLoop(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
