import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { whyNotPromised } from './check-output.ts';

const raw = (frames: number) =>
  sharp(Buffer.alloc(8 * 4 * frames * 3, Buffer.from('frogs on lilypads')), {
    raw: { width: 8, height: 4 * frames, channels: 3, pageHeight: 4 },
  });
const png = await raw(1).png().toBuffer();
const still = await raw(1).webp().toBuffer();
const moving = await raw(3)
  .webp({ loop: 0, delay: [50, 50, 50] })
  .toBuffer();
const [image, video] = [
  { modality: 'image', width: 8, height: 4 } as const,
  { modality: 'video', width: 8, height: 4 } as const,
];

describe('a file that ComfyUI made', () => {
  it('is what was promised', async () => {
    expect(await whyNotPromised(png, image)).toBeUndefined();
    expect(await whyNotPromised(moving, video)).toBeUndefined();
  });

  it.each([
    ['another format', still, image, 'webp instead of a png'],
    ['no animation', still, video, 'does not move'],
    ['another size', png, { ...image, width: 16 }, '8×4 pixels instead of 16×4'],
    ['frames of another size', moving, { ...video, height: 12 }, '8×4 pixels instead of 8×12'],
    ['half a picture', png.subarray(0, png.length >> 1), image, 'cannot be read'],
    ['half an animation', moving.subarray(0, moving.length - 20), video, 'cannot be read'],
    ['no picture', Buffer.from('frog'), image, 'cannot be read'],
    ['nothing', Buffer.alloc(0), image, 'cannot be read'],
  ])('is not what was promised where it is %s', async (_what, bytes, promised, words) => {
    expect(await whyNotPromised(bytes, promised)).toContain(words);
  });
});
