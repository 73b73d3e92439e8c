import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nestingDepth } from './nesting.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test('counts what parsing would find, brackets in strings left out', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      expect(nestingDepth(Buffer.from(JSON.stringify(value)), 100)).toBe(depthOf(value));
    }),
  );
});

test('stops counting one past the limit', () => {
  expect(nestingDepth(Buffer.from('['.repeat(100_000)), 10)).toBe(11);
});
