import { expect, test } from 'vitest';
import { row, typeOf } from './schema-words.ts';

test.each([
  [{ $ref: '#/components/schemas/Job' }, '[`Job`](#job)'],
  [{ type: ['number', 'null'], minimum: 0, maximum: 2 }, '`number` or `null` 0 to 2'],
  [{ type: 'array', items: { type: 'string' } }, 'list of `string`'],
  [{ type: 'string', enum: ['json', 'text'] }, '`"json"` or `"text"`'],
  [{ oneOf: [{ type: 'string', maxLength: 5 }, { type: 'null' }] }, '`string`, at most 5 characters or `null`'],
])('%j in words', (schema, words) => {
  expect(typeOf(schema)).toBe(words);
});

test('a cell stays one cell', () => {
  expect(row('a\nb', 'c | d')).toBe('| a b | c \\| d |');
});
