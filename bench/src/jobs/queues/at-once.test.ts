import { expect, test } from 'vitest';
import { atOnce } from './at-once.ts';

test('runs as many tasks as asked for, and never more at once than allowed', async () => {
  let running = 0;
  let most = 0;
  let done = 0;
  await atOnce(10, 3, async () => {
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
    done++;
  });
  expect({ done, most }).toEqual({ done: 10, most: 3 });
});

test('a task that fails makes the whole fail', async () => {
  await expect(atOnce(5, 2, () => Promise.reject(new Error('full')))).rejects.toThrow('full');
});
