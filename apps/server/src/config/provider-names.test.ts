import { expect, test } from 'vitest';
import { takenNames } from './provider-names.ts';

test('the second of two equal names is the one reported, with the first', () => {
  const [found, ...more] = takenNames([{ name: 'a' }, { name: 'b' }, { name: 'a' }]);
  expect(found?.[0]).toEqual([2, 'name']);
  expect(found?.[1]).toContain('providers[0]');
  expect(more).toEqual([]);
});

test('the name of the provider inside this process is taken', () => {
  expect([...takenNames([{ name: 'local' }])]).toHaveLength(1);
});
