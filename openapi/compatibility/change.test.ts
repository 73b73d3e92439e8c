import { expect, it } from 'vitest';
import { changesOf } from './change.ts';

it('reads no report of another version than the one it was written for', () => {
  expect(changesOf({ reportVersion: '1', changes: [] })).toEqual([]);
  expect(() => changesOf({ reportVersion: '2', changes: [] })).toThrow(/version 2; .* reads version 1/);
  expect(() => changesOf({})).toThrow(/version undefined/);
});
