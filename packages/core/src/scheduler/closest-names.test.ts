import { expect, test } from 'vitest';
import { closestNames } from './closest-names.ts';

const models = ['llama3.1:8b', 'llama3.1:70b', 'qwen2.5:7b', 'nomic-embed-text', 'tadpole'];

test('a typing mistake finds the model meant', () => {
  expect(closestNames('lama3.1:8b', models)[0]).toBe('llama3.1:8b');
  expect(closestNames('Tadpole', models)).toEqual(['tadpole']);
});

test('a name without its tag finds all its tags', () => {
  expect(closestNames('llama3.1', models)).toEqual(['llama3.1:70b', 'llama3.1:8b']);
});

test('nothing alike is suggested to a name that is like nothing', () => {
  expect(closestNames('gpt-4-turbo-preview', models)).toEqual([]);
});
