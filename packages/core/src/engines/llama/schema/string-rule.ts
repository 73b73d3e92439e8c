import type { Located, PlainSchema } from './alternatives.ts';
import { type GrammarText, longestRepetition, repeated } from './gbnf.ts';
import { PatternError, patternToGrammar } from './pattern.ts';
import { unsupported } from './unsupported.ts';

/**
 * A string: its pattern, else its format, else its length. Beside a pattern or a format, the length is only checked on the
 * finished answer. Formats not listed here are remarks, as JSON Schema has it.
 */
export function stringRule(
  { schema, param }: Located<PlainSchema>,
  grammar: GrammarText,
  unenforceable: 'refuse' | 'ignore',
): string {
  const pattern = patternInside(schema['pattern'], param, grammar, unenforceable);
  const inside = pattern ?? formats[String(schema['format'])];
  if (inside !== undefined) return String.raw`"\"" ${inside} "\""`;
  const least = readLeast(schema['minLength'], `${param}.minLength`);
  const most = readLength(schema['maxLength'], `${param}.maxLength`);
  if (most !== undefined && most < least) throw unsupported(`${param}.maxLength`, 'it is less than minLength');
  if (least === 0 && most === undefined) return grammar.json('string');
  return String.raw`"\"" ${repeated(grammar.json('char'), least, most)} "\""`;
}

function patternInside(
  pattern: unknown,
  param: string,
  grammar: GrammarText,
  unenforceable: 'refuse' | 'ignore',
): string | undefined {
  if (pattern === undefined) return undefined;
  if (typeof pattern !== 'string') throw unsupported(`${param}.pattern`, 'a pattern must be a string');
  try {
    return `(${patternToGrammar(pattern, grammar.json('char'))})`;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    if (unenforceable === 'ignore') return undefined;
    throw unsupported(`${param}.pattern`, `${error.message} is not possible in a pattern here`);
  }
}

export function readLength(value: unknown, param: string): number | undefined {
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && Number(value) >= 0) return Number(value);
  throw unsupported(param, 'it must be a whole number of at least 0');
}

/** The least number of characters or items. More than a grammar can count to is refused: no answer would ever be found. */
export function readLeast(value: unknown, param: string): number {
  const least = readLength(value, param) ?? 0;
  if (least > longestRepetition) throw unsupported(param, `at most ${longestRepetition} can be demanded`);
  return least;
}

const date = '[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | "1" [0-9] | "2" [0-8])';
const time =
  '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{1,6})? ("Z" | [+-] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9])';
const byte = '("25" [0-5] | "2" [0-4] [0-9] | "1" [0-9] [0-9] | [1-9]? [0-9])';

/** Days end at 28: a grammar does not know which months have more. */
const formats: Record<string, string> = {
  date,
  time,
  'date-time': `${date} "T" ${time}`,
  uuid: '[0-9a-f]{8} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{12}',
  email: '[a-z0-9]{1,32} ([._-] [a-z0-9]{1,32}){0,3} "@" [a-z0-9]{1,32} ([.-] [a-z0-9]{1,32}){0,3} "." [a-z]{2,12}',
  ipv4: `${byte} "." ${byte} "." ${byte} "." ${byte}`,
};
