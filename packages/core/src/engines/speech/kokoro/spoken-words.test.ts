import { describe, expect, it } from 'vitest';
import { phoneSymbols } from './phone-symbols.ts';
import { pausedWords, wordSymbols } from './spoken-words.ts';
import { symbolNumbers } from './symbol-numbers.ts';
import { voiceStyle } from './voice-style.ts';

const phones = (line: string) => line.split(' ');

describe('from Flite’s phones to Kokoro’s symbols', () => {
  // The right-hand sides are misaki's own examples.
  it.each([
    ['hey', 'hh ey1', 'hˈA'],
    ['jump', 'jh ah1 m p', 'ʤˈʌmp'],
    ['lunge', 'l ah1 n jh', 'lˈʌnʤ'],
    ['thin', 'th ih1 n', 'θˈɪn'],
    ['yes', 'y eh1 s', 'jˈɛs'],
    ['Asia', 'ey1 zh ax0', 'ˈAʒə'],
    ['easy', 'iy1 z iy0', 'ˈizi'],
    ['wood', 'w uh1 d', 'wˈʊd'],
    ['hair', 'hh eh1 r', 'hˈɛɹ'],
  ])('spells %s as misaki does', (word, line, symbols) => {
    expect(wordSymbols(word, phones(line))).toBe(symbols);
  });

  it('writes ER with or without stress, and nothing for what has no sound', () => {
    expect(['er1', 'er0', 'pau', '', 'constructor'].map(phoneSymbols)).toEqual(['ˈɜɹ', 'əɹ', '', '', '']);
  });

  it('keeps words apart, keeps their punctuation, and stresses no little words', () => {
    const line = phones('pau hh ax0 l ow1 pau dh ax0 pau b er1 d pau ih1 z pau hh ih1 r pau');
    expect(wordSymbols('Hello, the "bird" is here!', line)).toBe('həlˈO, ðə bˈɜɹd ɪz hˈɪɹ!');
  });

  it('says the article, not the letter', () => {
    expect(wordSymbols('A bird.', phones('pau ey1 pau b er1 d pau'))).toBe('ə bˈɜɹd.');
    expect(wordSymbols('vitamin A.', phones('v ay1 t pau ey1'))).toBe('vˈIt A.');
  });

  it('keeps Flite’s groups and the last mark where words and pauses do not match', () => {
    expect(wordSymbols('A B. C?', phones('pau ey1 b iy1 pau s iy1 pau'))).toBe('ˈAbˈi sˈi?');
  });

  it('asks Flite for each word with a pause, titles spelt out', () => {
    expect(pausedWords('Dr. Who’s well-known (really), no?')).toBe('doctor, Who’s, well, known, really, no');
    expect(pausedWords('wait... - 1,234')).toBe('wait, 1,234');
  });
});

describe('Kokoro’s inputs', () => {
  const vocabulary = { ' ': 1, a: 2, b: 3 };

  it('are numbers between two edges, unknown symbols left out', () => {
    expect(symbolNumbers('a b☃', vocabulary)).toEqual([[0, 2, 1, 3, 0]]);
    expect(symbolNumbers('a', JSON.parse('{"a":2}'))).toEqual([[0, 2, 0]]);
  });

  it('are cut at spaces to what the model can read', () => {
    const inputs = symbolNumbers('ab '.repeat(400).trim(), vocabulary);
    expect(inputs.map(({ length }) => length)).toEqual([511, 511, 181]);
    expect(symbolNumbers('a'.repeat(1_100), vocabulary).map(({ length }) => length)).toEqual([512, 512, 82]);
    expect(symbolNumbers('', vocabulary)).toEqual([]);
  });

  it('take the style of their own length, and the last one beyond', () => {
    const styles = Buffer.from(Float32Array.from({ length: 3 * 256 }, (_, index) => Math.floor(index / 256)).buffer);
    const unaligned = Buffer.concat([Buffer.of(0), styles]).subarray(1);
    for (const bytes of [styles, unaligned]) {
      expect([0, 1, 2, 99].map((symbols) => voiceStyle(bytes, symbols)[0])).toEqual([0, 1, 2, 2]);
      expect(voiceStyle(bytes, 0)).toHaveLength(256);
    }
    expect(() => voiceStyle(Buffer.alloc(1_000), 0)).toThrow(/damaged/);
  });
});
