import { expect, test } from 'vitest';
import { didYouMean } from './did-you-mean.ts';

const names = ['port', 'host', 'body_limit', 'providers', 'url'];

test.each([
  ['prot', 'port'],
  ['bodyLimit', 'body_limit'],
  ['body-limits', 'body_limit'],
  ['provider', 'providers'],
  ['uri', 'url'],
])('%j was meant to be %j', (wrong, meant) => {
  expect(didYouMean(wrong, names)).toBe(meant);
});

test.each(['temperature', 'x', '', 'p'.repeat(5000)])('%j is like no name', (wrong) => {
  expect(didYouMean(wrong, names)).toBeUndefined();
});
