import { describe, expect, it } from 'vitest';
import { joinSpeech, loudness } from './join-speech.ts';

const rate = 1_000;
const word = (quiet = 0) =>
  Float32Array.from([...Array(quiet).fill(0), ...Array(100).fill(0.4), ...Array(quiet).fill(0)]);

describe('joining speech', () => {
  it('trims silence around pieces and puts the asked pause between them, none at the end', () => {
    const joined = joinSpeech(
      [
        { samples: word(500), pauseSeconds: 0.2 },
        { samples: word(500), pauseSeconds: 9 },
      ],
      rate,
    );
    const margin = 30;
    expect(joined.length).toBe(2 * (100 + 2 * margin) + 200);
    expect(joined.subarray(100 + 2 * margin, 100 + 2 * margin + 200).every((sample) => sample === 0)).toBe(true);
  });

  it('brings quiet and loud speech to one loudness', () => {
    const loudnesses = [0.02, 0.4, 0.9].map((gain) => {
      const samples = word().map((_, index) => gain * Math.sin(index));
      return loudness(joinSpeech([{ samples, pauseSeconds: 0 }], rate)).rms;
    });
    for (const rms of loudnesses) expect(rms).toBeCloseTo(0.1, 2);
  });

  it('never clips', () => {
    const click = new Float32Array(2_000).fill(0.01);
    click[1_000] = 1;
    expect(loudness(joinSpeech([{ samples: click, pauseSeconds: 0 }], rate)).peak).toBeCloseTo(0.95, 5);
  });

  it('makes nothing of silence', () => {
    expect(joinSpeech([{ samples: new Float32Array(500), pauseSeconds: 0 }], rate)).toHaveLength(0);
  });
});
