import { type PictureSize, whyNotSize } from './check-png.ts';
import { type RiffChunk, readRiff } from './riff.ts';

/**
 * Why these bytes are not one whole animated WebP, of the size where one is given; nothing when they are. Looks at the frame
 * of the file (https://developers.google.com/speed/webp/docs/riff_container) and decodes no pixel.
 */
export function whyNotAnimatedWebp(bytes: Uint8Array, size: PictureSize = {}): string | undefined {
  const chunks = readRiff(bytes, 'WEBP');
  if (typeof chunks === 'string') return chunks;
  const [header] = chunks;
  if (header?.name !== 'VP8X' || header.content.byteLength < 10) return 'it is a single picture';
  const frames = chunks.filter(({ name }) => name === 'ANMF');
  if (frames.length < 2) return `it has ${frames.length} frames`;
  if (!frames.every(hasPicture)) return 'a frame in it is empty';
  return whyNotSize({ width: 1 + uint24(header.content, 4), height: 1 + uint24(header.content, 7) }, size);
}

/** 16 bytes say where the frame goes and for how long, 8 begin its picture. */
const hasPicture = ({ content }: RiffChunk): boolean => content.byteLength > 24;

const uint24 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 0x100 + (bytes[at + 2] ?? 0) * 0x10000;
