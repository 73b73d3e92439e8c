import { Refusal } from '../reply.ts';

/** What a vision model sees, in words: form, size and main colour of each image. Empty without images. */
export async function describeImages(urls: readonly string[]): Promise<string> {
  const sentences = await Promise.all(urls.map(describeImage));
  return sentences.map((sentence) => `${sentence} `).join('');
}

async function describeImage(url: string): Promise<string> {
  const base64 = /^data:image\/[a-z+]+;base64,(.+)$/s.exec(url)?.[1];
  if (base64 === undefined) throw new Refusal(400, 'Images must be data URLs in base64', { param: 'messages' });
  const { default: sharp } = await import('sharp');
  try {
    const image = sharp(Buffer.from(base64, 'base64'));
    const [{ format, width, height }, { dominant }] = [await image.metadata(), await image.stats()];
    return `The picture is a ${format} of ${width} by ${height} pixels, mostly ${colourName(dominant)}.`;
  } catch {
    throw new Refusal(400, 'An image cannot be read', { param: 'messages' });
  }
}

const colours: Record<string, readonly [number, number, number]> = {
  black: [0, 0, 0],
  white: [255, 255, 255],
  grey: [128, 128, 128],
  red: [220, 20, 20],
  green: [20, 160, 20],
  blue: [20, 20, 220],
  yellow: [240, 230, 20],
  orange: [240, 140, 20],
  purple: [140, 20, 160],
};

function colourName({ r, g, b }: { r: number; g: number; b: number }): string {
  const distance = ([red, green, blue]: readonly [number, number, number]) =>
    (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2;
  const [nearest] = Object.entries(colours).sort(([, one], [, other]) => distance(one) - distance(other));
  return nearest?.[0] ?? 'grey';
}
