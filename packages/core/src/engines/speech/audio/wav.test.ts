import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWav, writeWav } from './wav.ts';

const samples = Float32Array.of(0, 0.5, -0.5, 1, -1);

describe('WAV files', () => {
  it('have the header every player knows', () => {
    const header = Buffer.from(writeWav({ samples, sampleRate: 24_000 }))
      .subarray(0, 44)
      .toString('hex');
    expect(header).toBe(
      '524946462e00000057415645666d74201000000001000100c05d000080bb00000200100064617461' + '0a000000',
    );
  });

  it('give back what was written, to half a step of 16 bit', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ min: -1, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 192_000 }),
        (data, sampleRate) => {
          const read = readWav(writeWav({ samples: data, sampleRate }));
          expect(read.sampleRate).toBe(sampleRate);
          expect(read.samples.length).toBe(data.length);
          const errors = data.map((sample, index) => Math.abs(sample - (read.samples[index] ?? 0)));
          expect(Math.max(0, ...errors)).toBeLessThan(0.51 / 32_767);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('clip what is too loud', () => {
    const loud = readWav(writeWav({ samples: Float32Array.of(7, -7), sampleRate: 8_000 }));
    expect([...loud.samples]).toEqual([1, -1]);
  });

  it('are read past chunks nobody knows, even odd ones', () => {
    const plain = Buffer.from(writeWav({ samples, sampleRate: 16_000 }));
    const extra = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
    const read = readWav(Buffer.concat([plain.subarray(0, 12), extra, plain.subarray(12)]));
    expect(read.samples.length).toBe(samples.length);
  });

  it.each([
    ['nothing', Buffer.alloc(0), /does not begin/],
    ['a web page', Buffer.from('<html>not found, sorry</html>'), /does not begin/],
    ['half a file', Buffer.from(writeWav({ samples, sampleRate: 8_000 })).subarray(0, 48), /"data" is cut off/],
    ['only a header', Buffer.from(writeWav({ samples, sampleRate: 8_000 })).subarray(0, 36), /no samples/],
  ])('are refused when they are %s', (_what, bytes, why) => {
    expect(() => readWav(bytes)).toThrow(why);
  });

  it('are refused when they are stereo', () => {
    const stereo = writeWav({ samples, sampleRate: 8_000 });
    stereo[22] = 2;
    expect(() => readWav(stereo)).toThrow(/2 channels/);
  });
});
