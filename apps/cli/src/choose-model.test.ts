import { expect, test } from 'vitest';
import { model } from './__fixtures__/small-server.ts';
import { chooseModel } from './choose-model.ts';

const list = (...entries: [id: string, modality: string, state: string][]) =>
  entries.map((entry) => model(...entry)) as unknown as Parameters<typeof chooseModel>[0];

test('a loaded model goes before a cold one, and both before the toy', () => {
  const all = list(['tadpole', 'chat', 'loaded'], ['cold:7b', 'chat', 'cold'], ['warm:7b', 'chat', 'loaded']);
  expect(chooseModel(all, 'chat').id).toBe('warm:7b');
  expect(chooseModel(all.slice(0, 2), 'chat').id).toBe('cold:7b');
  expect(chooseModel(all.slice(0, 1), 'chat').id).toBe('tadpole');
});

test('without one of that kind it says how to get one', () => {
  expect(() => chooseModel(list(['e', 'embedding', 'cold']), 'chat')).toThrow(/anura pull/);
});
