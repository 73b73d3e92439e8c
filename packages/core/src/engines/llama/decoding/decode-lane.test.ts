import { describe, expect, it, vi } from 'vitest';
import { DecodeLane, type DecodeTask } from './decode-lane.ts';

/** A task of so many steps that writes its name into a log. */
function task(name: string, steps: number, log: string[]): DecodeTask & { ready: boolean } {
  let left = steps;
  return {
    ready: true,
    step: async () => {
      log.push(name);
      return --left > 0;
    },
  };
}

describe('DecodeLane', () => {
  it('steps all tasks together, lowest sequence first', async () => {
    const log: string[] = [];
    const lane = new DecodeLane();
    lane.join(0, task('a', 2, log));
    lane.join(2, task('c', 3, log));
    lane.join(1, task('b', 3, log));
    await vi.waitFor(() => expect(lane.load).toBe(0));
    expect(log.join('')).toBe('aabcbcbc');
  });

  it('leaves out a task whose reader is behind, until it is woken', async () => {
    const log: string[] = [];
    const lane = new DecodeLane();
    const slow = task('s', 2, log);
    slow.ready = false;
    lane.join(0, slow);
    lane.join(1, task('f', 2, log));
    await vi.waitFor(() => expect(lane.load).toBe(1));
    expect(log.join('')).toBe('ff');
    slow.ready = true;
    lane.wake();
    await vi.waitFor(() => expect(lane.load).toBe(0));
    expect(log.join('')).toBe('ffss');
  });
});
