import { expect, test } from 'vitest';
import { preferredWaitMs } from './prefer.ts';

test.each([
  ['wait=10', 10_000],
  ['respond-async, wait=5', 5_000],
  ['Wait="3"; x', 3_000],
  ['wait=0', 0],
  ['wait=3600', 60_000],
  ['await=3', undefined],
  ['wait=soon', undefined],
  ['wait=-1', undefined],
  [undefined, undefined],
])('%j waits %j ms', (header, expected) => {
  expect(preferredWaitMs(header)).toBe(expected);
});
