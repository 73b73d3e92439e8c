import type { Token } from '@anura/node-llama-cpp';
import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Detokenizer, TokenPieces, TokenText } from './token-text.ts';

/** A vocabulary in which every byte is a token, the hardest case for whole characters. */
const byteVocabulary: Detokenizer = {
  detokenize: (tokens) => Buffer.from(tokens).toString('utf8'),
};

function pieces(bytes: Iterable<number>): string[] {
  const text = new TokenText(new TokenPieces(byteVocabulary));
  return [...[...bytes].map((byte) => text.push(byte as Token)), text.flush()];
}

describe('TokenText', () => {
  it('waits until a character is whole', () => {
    expect(pieces(Buffer.from('a€🐸'))).toEqual(['a', '', '', '€', '', '', '', '🐸', '']);
  });

  it('drops bytes that never became a character', () => {
    expect(pieces([0x61, 0xe2, 0x82])).toEqual(['a', '', '', '']);
  });

  it('goes on after bytes that are no UTF-8', () => {
    expect(pieces([0xff, 0x61]).join('')).toBe('\uFFFDa');
  });

  it('gives every text back, and never half a character', () => {
    void assert(
      property(string({ unit: 'binary', maxLength: 12 }), (text) => {
        const given = pieces(Buffer.from(text));
        expect(given.join('')).toBe(text);
        expect(given.every((piece) => piece.isWellFormed())).toBe(true);
      }),
    );
  });
});
