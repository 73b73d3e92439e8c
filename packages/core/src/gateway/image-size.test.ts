import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readImageSize } from './image-size.ts';

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 10, g: 90, b: 30 } } });

test.each([
  [1, 1],
  [640, 480],
  [3, 2000],
])('reads %i×%i from PNG, JPEG and progressive JPEG', async (width, height) => {
  const image = picture(width, height);
  for (const bytes of [
    await image.clone().png().toBuffer(),
    await image.clone().jpeg().toBuffer(),
    await image
      .clone()
      .jpeg({ progressive: true })
      .withExif({ IFD0: { Artist: 'a frog' } })
      .toBuffer(),
  ]) {
    expect(readImageSize(bytes)).toEqual({ width, height });
  }
});

test('another format is not taken for one of them', async () => {
  expect(readImageSize(await picture(8, 8).webp().toBuffer())).toBeUndefined();
});

test('a PNG without area has no size', async () => {
  const bytes = await picture(8, 8).png().toBuffer();
  bytes.writeUInt32BE(0, 16);
  expect(readImageSize(bytes)).toBeUndefined();
});

test('whatever the bytes, it answers and does not throw', () => {
  const starts = [[], [0xff, 0xd8], [0xff, 0xd8, 0xff, 0xc0], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]];
  fc.assert(
    fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 64 }), (start, rest) => {
      const size = readImageSize(Uint8Array.from([...start, ...rest]));
      expect(size === undefined || size.width * size.height > 0).toBe(true);
    }),
  );
});
