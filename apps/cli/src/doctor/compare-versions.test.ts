import { expect, test } from 'vitest';
import { isOlder } from './compare-versions.ts';

test.each([
  ['0.9.1', '0.10.0', true],
  ['0.10.0', '0.9.1', false],
  ['1.0.0', '1.0.0', false],
  ['1.0.0-beta.1', '1.0.0', false],
  ['0.99.99', '1.0.0', true],
  ['unknown', '0.1.0', true],
])('%s is older than %s: %s', (version, than, older) => {
  expect(isOlder(version, than)).toBe(older);
});
