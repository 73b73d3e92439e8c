import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitSentences } from './sentences.ts';

const texts = (text: string, most = 280) => splitSentences(text, most).map((sentence) => sentence.text);

describe('splitting into sentences', () => {
  it('cuts behind full stops, questions and exclamations', () => {
    expect(texts('Is it? It is! Good.')).toEqual(['Is it?', 'It is!', 'Good.']);
  });

  it('does not take an abbreviation, an initial or a number for an end', () => {
    const whole = ['Dr. Smith met J. R. Tolkien.', 'It costs 3.50 dollars, e.g. Today.', 'Mr. Brown vs. Mrs. Green.'];
    for (const sentence of whole) expect(texts(sentence)).toEqual([sentence]);
  });

  it('cuts a long sentence at a clause, else at a word, else anywhere', () => {
    expect(texts('one two three, four five six', 20)).toEqual(['one two three,', 'four five six']);
    expect(texts('one two three four five six', 20)).toEqual(['one two three four', 'five six']);
    expect(texts('a'.repeat(45), 20)).toEqual(['a'.repeat(20), 'a'.repeat(20), 'a'.repeat(5)]);
  });

  it('pauses longest behind a paragraph, less behind a sentence, least inside one', () => {
    const pauses = splitSentences('First one, which is long. Second.\n\nThird.', 15).map(
      ({ pauseSeconds }) => pauseSeconds,
    );
    expect(pauses).toEqual([0.16, 0.35, 0.7, 0.7]);
  });

  it('loses nothing but white space and keeps to the limit, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), fc.integer({ min: 1, max: 30 }), (text, most) => {
        const pieces = texts(text, most);
        expect(pieces.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(most);
        expect(pieces).not.toContain('');
      }),
    );
  });
});
