import { describe, expect, it } from 'vitest';
import { writeWav } from '../../speech/audio/wav.ts';
import { readLooseWav } from './read-loose-wav.ts';

const whole = () => Buffer.from(writeWav({ samples: Float32Array.of(0.5, -0.5, 0.25, 0), sampleRate: 22_050 }));

describe('readLooseWav', () => {
  it('reads a plain file', () => {
    const sound = readLooseWav(whole());
    expect(sound?.sampleRate).toBe(22_050);
    expect([...(sound?.samples ?? [])].map((sample) => Math.round(sample * 100) / 100)).toEqual([0.5, -0.5, 0.25, 0]);
  });

  it.each([0, 0xffff_ffff])('reads to the end when the header says %i bytes', (size) => {
    const bytes = whole();
    bytes.writeUInt32LE(size, 40);
    expect(readLooseWav(bytes)?.samples).toHaveLength(4);
  });

  it('mixes two channels into one', () => {
    const bytes = whole();
    bytes.writeUInt16LE(2, 22);
    expect([...(readLooseWav(bytes)?.samples ?? [])].map((sample) => Math.round(sample * 1000) / 1000)).toEqual([
      0, 0.125,
    ]);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['another file', Buffer.from('ID3 and so on, an MP3')],
    ['a file that was cut', whole().subarray(0, 48)],
    ['a file without samples', whole().subarray(0, 44)],
    ['half a header', whole().subarray(0, 20)],
  ])('refuses %s', (_, bytes) => {
    expect(readLooseWav(bytes)).toBeUndefined();
  });
});
