import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MessageReader } from './read-message.ts';

function read(...lines: string[]): (string | undefined)[] {
  const reader = new MessageReader();
  return lines.map((line) => reader.add(line));
}

test('a line is a message', () => {
  expect(read(' hello ', 'again')).toEqual(['hello', 'again']);
});

test('a backslash at its end goes on in the next line', () => {
  expect(read('one\\', 'two\\', 'three')).toEqual([undefined, undefined, 'one\ntwo\nthree']);
});

test('three quotes begin and end a message, also on one line', () => {
  expect(read('"""', 'a', '', 'b\\', '"""')).toEqual([undefined, undefined, undefined, undefined, 'a\n\nb\\']);
  expect(read('"""a"""')).toEqual(['a']);
});

test('whatever lines come, three quotes at most twice lead out again', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'a\\', '"""', 'x"""', '"""x', '')), (lines) => {
      const reader = new MessageReader();
      for (const line of lines) reader.add(line);
      if (reader.isOpen) reader.add('"""');
      if (reader.isOpen) reader.add('"""');
      return !reader.isOpen;
    }),
  );
});
