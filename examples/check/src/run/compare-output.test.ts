import { expect, test } from 'vitest';
import { missingLines, missingPaths } from './compare-output.ts';

test('numbers, durations, ids and widths of columns may differ, words may not', () => {
  const actual = 'MODEL     WAIT\ntadpole   12.5 ms\n';
  expect(missingLines('MODEL  WAIT\ntadpole  2 ms\n', actual)).toEqual([]);
  expect(missingLines('tadpole  2 s\n', actual)).toEqual([]);
  expect(missingLines('tadpole  2 slots\n', actual)).toEqual(['tadpole  2 slots']);
});

test('an ellipsis stands for anything', () => {
  expect(missingLines('data: {"id":"Qm…"}', 'data: {"id":"QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn"}')).toEqual(
    [],
  );
});

test('a documented JSON may hold less than the real one, never more', () => {
  const actual = { status: 404, error: { code: 'not_found', param: null } };
  expect(missingPaths({ status: 404, error: { code: 'not_found' } }, actual)).toEqual([]);
  expect(missingPaths({ status: '404', error: { code: 'other', kind: 1 } }, actual)).toEqual([
    '$.status',
    '$.error.code',
    '$.error.kind',
  ]);
  expect(missingPaths({ models: ['b', 'd'] }, { models: ['a', 'b', 'c'] })).toEqual(['$.models.1']);
});
