import { describe, expect, it } from 'vitest';
import { powerShare } from '../__fixtures__/measure-sound.ts';
import { loudness } from './join-speech.ts';
import { resample } from './resample.ts';

function tone(hertz: number, sampleRate: number): Float32Array {
  return Float32Array.from(
    { length: sampleRate / 2 },
    (_, index) => 0.5 * Math.sin((2 * Math.PI * hertz * index) / sampleRate),
  );
}

describe('resampling', () => {
  it.each([
    [16_000, 24_000],
    [18_240, 24_000],
    [48_000, 24_000],
  ])('from %d to %d Hz keeps length, pitch and loudness', (from, to) => {
    const output = resample(tone(1_000, from), from, to);
    expect(output.length).toBe(to / 2);
    expect(loudness(output).rms).toBeCloseTo(0.5 / Math.SQRT2, 2);
    expect(powerShare({ samples: output, sampleRate: to }, 1_000)).toBeGreaterThan(0.99);
  });

  it('adds no mirror image of a high tone when going up', () => {
    const output = { samples: resample(tone(6_500, 16_000), 16_000, 24_000), sampleRate: 24_000 };
    expect(powerShare(output, 6_500)).toBeGreaterThan(0.99);
    expect(powerShare(output, 9_500)).toBeLessThan(1e-6);
  });

  it('takes out what the lower rate cannot hold when going down', () => {
    const output = resample(tone(15_000, 48_000), 48_000, 24_000);
    expect(loudness(output.subarray(200, -200)).rms).toBeLessThan(0.5e-3);
  });

  it('keeps a constant constant', () => {
    const output = resample(new Float32Array(1_000).fill(0.25), 16_000, 24_000).subarray(100, -100);
    expect(Math.max(...output.map((sample) => Math.abs(sample - 0.25)))).toBeLessThan(1e-6);
  });

  it('hands back samples that have the rate already, and takes none at all', () => {
    const samples = tone(440, 24_000);
    expect(resample(samples, 24_000, 24_000)).toBe(samples);
    expect(resample(new Float32Array(0), 16_000, 24_000)).toHaveLength(0);
  });
});
