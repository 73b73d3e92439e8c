import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saysSomething, speakableText } from './speakable-text.ts';

describe('speakable text', () => {
  it.each([
    ['café, naïve, Straße, Ærø', 'cafe, naive, Strasse, Aero'],
    ['“It’s” — she said…', '"It\'s" , she said...'],
    ['€5, £2.50 and 20°C', '5 euros, 2.50 pounds and 20 degrees Celsius'],
    ['1990–1995', '1990 to 1995'],
    ['a < b & c > d', 'a less than b and c greater than d'],
    ['**bold** and `code` and [link]', 'bold and code and link'],
    ['- one\n- two', 'one\ntwo'],
    ['½ a ﬁsh', '1/2 a fish'],
    ['well-known 5 - 3', 'well-known 5 3'],
    ['fun \u{1f468}\u200d\u{1f469}\u200d\u{1f467} here', 'fun here'],
    ['bell \u0007 nul \u0000 esc \u001b[31m.', 'bell nul esc 31m.'],
    ['one\r\n\r\n\r\ntwo', 'one\n\n\ntwo'],
  ])('%j becomes %j', (input, text) => {
    expect(speakableText(input)).toEqual({ text });
  });

  it.each(['日本語', 'привет', 'مرحبا', 'नमस्ते', 'a π b'])('names a letter of %s that cannot be read', (input) => {
    expect(speakableText(input).unreadable).toMatch(/^\p{L}$/u);
  });

  it('is printable ASCII and line breaks, whatever the input', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (input) => {
        expect(speakableText(input).text).toMatch(/^[\x20-\x7e\n]*$/);
      }),
    );
  });

  it('is done quickly for a long run of anything', () => {
    const started = performance.now();
    for (const piece of [' ', '-', '- ', '5 ', '€', '\n ', '€1.', '<'])
      speakableText(piece.repeat(4096 / piece.length));
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('says something when a letter or digit is left', () => {
    expect(['a', '7', '!?', ''].map(saysSomething)).toEqual([true, true, false, false]);
  });
});
