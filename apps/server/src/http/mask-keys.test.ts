import { expect, test } from 'vitest';
import { maskKeys } from './mask-keys.ts';

test('keys are taken out of a text wherever they stand, also when cut off', () => {
  const key = `anr_${'0123456789abcdef'.repeat(4)}`;
  expect(maskKeys(`/keys/${key}/x/${key.slice(0, 40)}`)).toBe('/keys/anr_***/x/anr_***');
});

test('what only begins like a key stays', () => {
  expect(maskKeys('/models/anr_model anr_9f2c')).toBe('/models/anr_model anr_9f2c');
});
