import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { checkPicture } from './check.ts';
import { encodePng, encodeWebp } from './encode.ts';

const frames = {
  data: Uint8Array.from({ length: 2 * 64 * 64 * 3 }, (_, index) => index % 251),
  width: 64,
  height: 64,
  count: 2,
};
const size = { width: 64, height: 64 };

describe('a finished picture', () => {
  it('passes when it is what was promised', async () => {
    const png = await encodePng(frames, size);
    await checkPicture(png, { format: 'png', ...size, frames: 1 });
    const webp = await encodeWebp(frames, 10, { width: 80, height: 70 });
    await checkPicture(webp, { format: 'webp', width: 80, height: 70, frames: 2 });
  });

  it.each([
    ['another size', { format: 'png', width: 65, height: 64, frames: 1 }],
    ['another format', { format: 'webp', width: 64, height: 64, frames: 1 }],
    ['more frames', { format: 'png', width: 64, height: 64, frames: 2 }],
  ] as const)('fails when %s was promised', async (_what, promised) => {
    const png = await encodePng(frames, size);
    await expect(checkPicture(png, promised)).rejects.toMatchObject({ code: 'engine-failed' });
  });

  it('fails when it is cut off or no picture at all', async () => {
    const png = await encodePng(frames, size);
    const promised = { format: 'png', ...size, frames: 1 } as const;
    await expect(checkPicture(png.subarray(0, png.length / 2), promised)).rejects.toMatchObject({
      code: 'engine-failed',
    });
    await expect(checkPicture(new Uint8Array(100), promised)).rejects.toMatchObject({ code: 'engine-failed' });
    await expect(checkPicture(new Uint8Array(), promised)).rejects.toMatchObject({ code: 'engine-failed' });
  });

  it('has its frames in order, scaled and cut to shape without being squeezed', async () => {
    const stripe = { data: new Uint8Array(128 * 64 * 3), width: 128, height: 64, count: 1 };
    for (let at = 0; at < stripe.data.length; at += 3) stripe.data[at] = (at / 3) % 128 < 64 ? 255 : 0;
    const square = await sharp(await encodePng(stripe, size))
      .raw()
      .toBuffer();
    expect([square[0], square[63 * 3]]).toEqual([255, 0]);
    const changes = Array.from({ length: 63 }, (_, x) => Math.abs((square[x * 3] ?? 0) - (square[x * 3 + 3] ?? 0)));
    expect(changes.indexOf(Math.max(...changes))).toBe(31);
  });
});
