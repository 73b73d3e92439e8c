import { expect, test } from 'vitest';
import { backOffMs } from './back-off.ts';

const bounds = { shortestMs: 100, longestMs: 1_000 };

test('doubles with every failure, up to its bound', () => {
  const pauses = [1, 2, 3, 4, 5, 60].map((failures) => backOffMs(failures, bounds, () => 0.5));
  expect(pauses).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

test('is a quarter shorter or longer by chance', () => {
  expect(backOffMs(1, bounds, () => 0)).toBe(75);
  expect(backOffMs(1, bounds, () => 1)).toBe(125);
});
