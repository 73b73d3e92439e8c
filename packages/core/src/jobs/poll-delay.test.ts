import { expect, test } from 'vitest';
import { pollDelayMs } from './poll-delay.ts';

test.each([
  [0, 250],
  [2, 1_000],
  [8, 4_000],
  [600, 15_000],
  [null, 2_000],
  [undefined, 2_000],
])('with %s seconds left it asks again after %i ms', (estimated_seconds, delayMs) => {
  expect(pollDelayMs({ estimated_seconds })).toBe(delayMs);
});

test('the questions about a job of a minute are few and grow denser towards its end', () => {
  const askedAtMs = [0];
  for (let nowMs = 0; nowMs < 60_000; askedAtMs.push(nowMs)) {
    nowMs += pollDelayMs({ estimated_seconds: (60_000 - nowMs) / 1000 });
  }
  expect(askedAtMs.length).toBeLessThan(16);
  expect((askedAtMs.at(-1) ?? 0) - 60_000).toBeLessThan(250);
});
