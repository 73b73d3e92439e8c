import { expect, test } from 'vitest';
import { splitWords } from './split-words.ts';

const names = ['tadpole', 'llama3.1:8b'];

test.each([
  [[], false, { prompt: '' }],
  [['tadpole'], false, { model: 'tadpole', prompt: '' }],
  [['tadpole', 'hi', 'there'], false, { model: 'tadpole', prompt: 'hi there' }],
  [['Why do frogs sing?'], false, { prompt: 'Why do frogs sing?' }],
  [['why', 'sing?'], false, { prompt: 'why sing?' }],
  [['llama3.1'], false, { model: 'llama3.1', prompt: '' }],
  [['nosuch:7b', 'hi'], false, { model: 'nosuch:7b', prompt: 'hi' }],
  [['summarise'], true, { prompt: 'summarise' }],
  [['tadpole'], true, { model: 'tadpole', prompt: '' }],
])('%j (piped: %s) means %j', (words, isPiped, meant) => {
  expect(splitWords(words, names, isPiped)).toEqual(meant);
});
