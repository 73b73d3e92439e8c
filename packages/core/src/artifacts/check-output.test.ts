import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeWav } from '../engines/speech/audio/wav.ts';
import { whyNotPng } from './check-png.ts';
import { whyNotWav } from './check-wav.ts';
import { whyNotAnimatedWebp } from './check-webp.ts';

const picture = (shade: number) =>
  sharp({ create: { width: 8, height: 6, channels: 3, background: { r: shade, g: 9, b: 99 } } });

let png: Uint8Array;
let still: Uint8Array;
let animation: Uint8Array;
let wav: Uint8Array;
beforeAll(async () => {
  png = await picture(1).png().toBuffer();
  still = await picture(1).webp().toBuffer();
  const frames = await Promise.all([1, 120, 250].map((shade) => picture(shade).png().toBuffer()));
  animation = await sharp(frames, { join: { animated: true } })
    .webp({ delay: 100, loop: 0 })
    .toBuffer();
  wav = writeWav({ samples: new Float32Array(2400).map((_, index) => Math.sin(index / 10)), sampleRate: 24_000 });
});

/** The bytes with one of them changed. */
function damaged(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

describe.each([
  ['PNG', () => png, whyNotPng],
  ['animated WebP', () => animation, whyNotAnimatedWebp],
  ['WAV', () => wav, whyNotWav],
])('a %s', (_name, bytes, whyNot) => {
  it('passes when it is whole', () => {
    expect(whyNot(bytes())).toBeUndefined();
  });

  it('does not pass when it is cut off anywhere', () => {
    for (let length = 0; length < bytes().length; length += 7)
      expect(whyNot(bytes().subarray(0, length))).toEqual(expect.any(String));
    expect(whyNot(bytes().subarray(0, -1))).toEqual(expect.any(String));
  });

  it('does not pass when something follows it', () => {
    expect(whyNot(Uint8Array.from([...bytes(), 0, 0]))).toBe('something follows its end');
  });

  it('does not pass as something else', () => {
    expect(whyNot(new TextEncoder().encode('<html>502 Bad Gateway</html>'))).toMatch(/does not begin like/);
    const others = [png, animation, wav].filter((other) => other !== bytes());
    for (const other of others) expect(whyNot(other)).toMatch(/does not begin like/);
  });
});

it('does not pass a PNG with a wrong bit in any of its chunks', () => {
  for (let at = 8; at < png.length; at++) expect(whyNotPng(damaged(png, at)), `byte ${at}`).toEqual(expect.any(String));
});

it('does not pass pictures of another size than was promised', () => {
  expect(whyNotPng(png, { width: 8, height: 6 })).toBeUndefined();
  expect(whyNotPng(png, { width: 9 })).toBe('it has 8×6 pixels and not 9×6');
  expect(whyNotAnimatedWebp(animation, { width: 8, height: 6 })).toBeUndefined();
  expect(whyNotAnimatedWebp(animation, { height: 7 })).toBe('it has 8×6 pixels and not 8×7');
});

it('does not pass a still picture as a video', () => {
  expect(whyNotAnimatedWebp(still)).toBe('it is a single picture');
});

it('does not pass a WAV without sound, or with half a sample', () => {
  expect(whyNotWav(writeWav({ samples: new Float32Array(0), sampleRate: 24_000 }))).toBe('it holds no sound');
  const odd = Uint8Array.from([...wav, 0, 0]);
  const view = new DataView(odd.buffer);
  view.setUint32(4, odd.length - 8, true);
  view.setUint32(40, view.getUint32(40, true) + 1, true);
  expect(whyNotWav(odd)).toBe('its sound ends within a sample');
});
