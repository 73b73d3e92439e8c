import { describe, expect, it } from 'vitest';
import { speechFault } from './check-speech.ts';
import { writeWav } from './wav.ts';

const expected = { sampleRate: 24_000, characters: 5, speed: 1 };
const hum = (seconds: number, volume = 0.2) =>
  Float32Array.from({ length: seconds * 24_000 }, (_, index) => volume * Math.sin(index / 20));

describe('a speech file', () => {
  it('is good when it is what was promised', () => {
    expect(speechFault(writeWav({ samples: hum(1), sampleRate: 24_000 }), expected)).toBeUndefined();
  });

  it.each([
    ['no WAV', new Uint8Array(100), /does not begin/],
    ['of another rate', writeWav({ samples: hum(1), sampleRate: 16_000 }), /16000 samples/],
    ['a click', writeWav({ samples: hum(0.01), sampleRate: 24_000 }), /only 0\.010 s/],
    ['far too long', writeWav({ samples: hum(12), sampleRate: 24_000 }), /12\.0 s for 5 characters/],
    ['silence', writeWav({ samples: hum(1, 0.0001), sampleRate: 24_000 }), /silence/],
  ])('is refused when it is %s', (_what, bytes, why) => {
    expect(speechFault(bytes, expected)).toMatch(why);
  });
});
