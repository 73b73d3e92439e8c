import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitLine } from './split-line.ts';

test.each([
  ['anura ch', ['anura', 'ch']],
  ['anura chat ', ['anura', 'chat', '']],
  ['anura  chat   x', ['anura', 'chat', 'x']],
  ['anura chat "why do', ['anura', 'chat', 'why do']],
  ["anura chat 'a b' c", ['anura', 'chat', 'a b', 'c']],
  ['anura chat a\\ b', ['anura', 'chat', 'a b']],
  ["anura chat 'a\\' ", ['anura', 'chat', 'a\\', '']],
  ['anura chat "it\'s"', ['anura', 'chat', "it's"]],
  ['anura chat \\', ['anura', 'chat', '']],
  ['', ['']],
])('%j is %j', (line, words) => {
  expect(splitLine(line)).toEqual(words);
});

test('whatever is typed, it ends and evaluates nothing', () => {
  expect(splitLine('anura chat $(reboot) `reboot`')).toEqual(['anura', 'chat', '$(reboot)', '`reboot`']);
  fc.assert(fc.property(fc.string(), (line) => splitLine(line).length > 0));
});
