import { expect, test } from 'vitest';
import { codeSpans, commandWords } from './inline-code.ts';

test('code in sentences is found, code in blocks is not', () => {
  expect(codeSpans('Say `anura chat` or\n```sh\nrm `x`\n```\nthen `ls`.')).toEqual(['anura chat', 'ls']);
});

test('quoted words stay together and an ellipsis is no word', () => {
  expect(commandWords('anura chat "Why do frogs sing?" …')).toEqual(['anura', 'chat', 'Why do frogs sing?']);
});
