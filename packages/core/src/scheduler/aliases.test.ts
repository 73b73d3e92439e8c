import { expect, test } from 'vitest';
import { findAliasCycle, resolveAlias } from './aliases.ts';

test('an alias leads through other aliases to its model', () => {
  const aliases = { 'gpt-4o': 'big', big: 'llama3.1:70b' };
  expect(resolveAlias('gpt-4o', aliases)).toBe('llama3.1:70b');
  expect(resolveAlias('llama3.1:70b', aliases)).toBe('llama3.1:70b');
});

test('names every object has are no aliases', () => {
  expect(resolveAlias('constructor', {})).toBe('constructor');
  expect(findAliasCycle({ a: 'toString' })).toBeUndefined();
});

test('a cycle is found and shown from where it begins', () => {
  expect(findAliasCycle({ a: 'b', b: 'c', c: 'b' })).toEqual(['b', 'c', 'b']);
  expect(findAliasCycle({ a: 'a' })).toEqual(['a', 'a']);
  expect(findAliasCycle({ a: 'c', b: 'c' })).toBeUndefined();
});
