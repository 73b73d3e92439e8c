import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

/** A picture recorded from the bundled models' reference sampler, by its file name here. */
export function recorded(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Red, green and blue of all pixels. */
export function pixels(picture: string | Uint8Array): Promise<Uint8Array> {
  return sharp(picture).removeAlpha().raw().toBuffer();
}

/** The largest difference between two bytes in the same place. */
export function largestDifference(left: Uint8Array, right: Uint8Array): number {
  if (left.length !== right.length) throw new Error(`${left.length} bytes cannot be compared with ${right.length}`);
  return left.reduce((worst, value, index) => Math.max(worst, Math.abs(value - (right[index] ?? 0))), 0);
}
