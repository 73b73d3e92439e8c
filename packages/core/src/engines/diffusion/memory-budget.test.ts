import { describe, expect, it } from 'vitest';
import { createMemoryBudget, type MemoryClaim } from './memory-budget.ts';

function claims(log: string[] = []) {
  return (name: string, sizeBytes: number): MemoryClaim => ({
    name,
    sizeBytes,
    unload: async () => void log.push(name),
  });
}

describe('a memory budget', () => {
  it('unloads idle models, the one that waited longest first, and only as many as need be', async () => {
    const log: string[] = [];
    const claim = claims(log);
    const budget = createMemoryBudget({ limitBytes: 100 });
    const first = await budget.hold(claim('first', 40));
    const second = await budget.hold(claim('second', 40));
    second.idle();
    first.idle();
    await budget.hold(claim('third', 50));
    expect(log).toEqual(['second']);
    expect(budget.usedBytes).toBe(90);
  });

  it('never unloads what is in use, and says when to come back', async () => {
    const log: string[] = [];
    const claim = claims(log);
    const budget = createMemoryBudget({ limitBytes: 100 });
    const first = await budget.hold(claim('first', 80));
    first.busy();
    first.idle();
    const refused = budget.hold(claim('second', 80));
    await expect(refused).rejects.toMatchObject({ code: 'no-capacity', data: { retryAfterMs: 5_000 } });
    first.idle();
    await budget.hold(claim('second', 80));
    expect(log).toEqual(['first']);
  });

  it('refuses at once what can never fit, and unloads nothing for it', async () => {
    const log: string[] = [];
    const claim = claims(log);
    const budget = createMemoryBudget({ limitBytes: 100e6 });
    (await budget.hold(claim('small', 40e6))).idle();
    await expect(budget.hold(claim('huge', 101e6))).rejects.toThrow(/"huge" needs 101 MB .* more than the 100 MB/);
    expect(log).toEqual([]);
  });

  it('does not promise the same room twice to two who ask at once', async () => {
    const claim = claims();
    const budget = createMemoryBudget({ limitBytes: 100 });
    (await budget.hold(claim('old', 90))).idle();
    const outcomes = await Promise.allSettled([budget.hold(claim('a', 60)), budget.hold(claim('b', 60))]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected']);
    expect(budget.usedBytes).toBe(60);
  });

  it('takes back what was released, once', async () => {
    const budget = createMemoryBudget({ limitBytes: 100 });
    const hold = await budget.hold(claims()('model', 60));
    hold.release();
    hold.release();
    hold.idle();
    expect(budget.usedBytes).toBe(0);
  });
});
