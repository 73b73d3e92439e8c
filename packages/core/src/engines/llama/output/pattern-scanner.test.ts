import { array, assert, integer, property, stringMatching } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternScanner } from './pattern-scanner.ts';

/** Runs a scanner over pieces of the text, cut at the given places. */
function scan(patterns: readonly string[], text: string, cuts: readonly number[]): { text: string; pattern?: number } {
  const scanner = new PatternScanner(patterns);
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  let passed = '';
  for (const [index, end] of [...places, text.length].entries()) {
    const result = scanner.push(text.slice(index === 0 ? 0 : places[index - 1], end));
    passed += result.text;
    if (result.match !== undefined) return { text: passed, pattern: result.match.pattern };
  }
  return { text: passed + scanner.flush() };
}

const fewLetters = stringMatching(/^[ab]{0,12}$/);
const fewPatterns = array(stringMatching(/^[ab]{1,4}$/), { maxLength: 4 });

describe('PatternScanner', () => {
  it('finds a pattern that is spread over pieces', () => {
    const scanner = new PatternScanner(['<end>']);
    expect(scanner.push('hello <e')).toEqual({ text: 'hello ' });
    expect(scanner.push('nd> and more')).toEqual({ text: '', match: { pattern: 0, after: ' and more' } });
  });

  it('gives back what only looked like a pattern', () => {
    const scanner = new PatternScanner(['<end>']);
    expect(scanner.push('a <en')).toEqual({ text: 'a ' });
    expect(scanner.push('tity>')).toEqual({ text: '<entity>' });
    expect(scanner.push('<')).toEqual({ text: '' });
    expect(scanner.flush()).toBe('<');
  });

  it('finds the same wherever the pieces were cut', () => {
    void assert(
      property(fewLetters, fewPatterns, array(integer({ min: 0, max: 20 })), (text, patterns, cuts) => {
        const everywhere = Array.from({ length: text.length }, (_, index) => index);
        expect(scan(patterns, text, cuts)).toEqual(scan(patterns, text, everywhere));
      }),
    );
  });

  it('lets no text through that holds a pattern, and loses nothing else', () => {
    void assert(
      property(fewLetters, fewPatterns, array(integer({ min: 0, max: 20 })), (text, patterns, cuts) => {
        const result = scan(patterns, text, cuts);
        expect(patterns.some((pattern) => result.text.includes(pattern))).toBe(false);
        expect(text.startsWith(result.text)).toBe(true);
        if (result.pattern === undefined) expect(result.text).toBe(text);
      }),
    );
  });
});
