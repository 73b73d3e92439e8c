import { describe, expect, it } from 'vitest';
import { chooseSlot } from './slot-choice.ts';

const slot = (cached: number[], lastUsed = 0, laneLoad = 0) => ({ cached, lastUsed, laneLoad });

describe('chooseSlot', () => {
  it('takes the slot that knows most of the prompt', () => {
    const known = slot([1, 2, 3, 4], 9);
    expect(chooseSlot([slot([]), slot([1, 2], 5), known], [1, 2, 3, 4, 5, 6])).toBe(known);
  });

  it('spares a conversation that only begins alike', () => {
    const conversation = slot([1, 2, 30, 31, 32, 33], 5);
    const unused = slot([], 0);
    expect(chooseSlot([conversation, unused], [1, 2, 40, 41, 42, 43])).toBe(unused);
  });

  it('otherwise takes the least recently used slot of the least busy lane', () => {
    const wanted = slot([7], 3, 0);
    expect(chooseSlot([slot([8], 1, 2), slot([9], 4, 0), wanted], [1])).toBe(wanted);
  });

  it('has none to give when all are busy', () => {
    expect(chooseSlot([], [1])).toBeUndefined();
  });
});
