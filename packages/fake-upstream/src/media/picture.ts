import { createRandom, hashText, integerBetween } from '../random.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Raw RGB pixels: a gradient between two colours of the prompt with a disc on it. `time` 0 to 1 moves the disc. */
function paintPicture(prompt: string, seed: number, { width, height }: PictureSize, time = 0): Buffer {
  const random = createRandom(hashText(prompt, seed));
  const colour = () => [integerBetween(random, 0, 255), integerBetween(random, 0, 255), integerBetween(random, 0, 255)];
  const [top, bottom, disc] = [colour(), colour(), colour()];
  const centre = { x: width * (0.2 + 0.6 * ((random() + time) % 1)), y: height * (0.3 + 0.4 * random()) };
  const radius = Math.min(width, height) * 0.2;
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inDisc = (x - centre.x) ** 2 + (y - centre.y) ** 2 < radius ** 2;
      const share = y / height;
      for (let channel = 0; channel < 3; channel++) {
        const background = (top[channel] ?? 0) * (1 - share) + (bottom[channel] ?? 0) * share;
        pixels[(y * width + x) * 3 + channel] = inDisc ? (disc[channel] ?? 0) : background;
      }
    }
  }
  return pixels;
}

/** A PNG, the same bytes for the same prompt, seed and size. */
export async function makePng(prompt: string, seed: number, size: PictureSize): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  return sharp(paintPicture(prompt, seed, size), { raw: { ...size, channels: 3 } })
    .png()
    .toBuffer();
}

/** An animated WebP in which the disc wanders. */
export async function makeWebp(
  prompt: string,
  seed: number,
  size: PictureSize,
  frames = 8,
  frameMs = 100,
): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const pages = Array.from({ length: frames }, (_, index) => paintPicture(prompt, seed, size, index / frames));
  const raw = { width: size.width, height: size.height * frames, channels: 3 as const, pageHeight: size.height };
  return sharp(Buffer.concat(pages), { raw })
    .webp({ delay: pages.map(() => Math.round(frameMs)), loop: 0 })
    .toBuffer();
}
