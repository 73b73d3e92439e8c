import sharp, { type Sharp } from 'sharp';
import type { Frames } from '../pipeline/frames.ts';
import { type Provenance, withProvenance } from './provenance.ts';

export interface EncodeOptions {
  /** Pixels of the result: where the frames have another size they are scaled, and cut where the shape differs. */
  readonly width: number;
  readonly height: number;
  /** Written into the file where given. */
  readonly provenance?: Provenance;
}

/** The first frame as a PNG. The same frames and options give the same bytes. */
export async function encodePng(frames: Frames, options: EncodeOptions): Promise<Uint8Array> {
  const picture = sharp(await sizedFrame(frames, 0, options), { raw: rawShape(options) });
  return encoded(picture.png({ compressionLevel: 6 }), options);
}

/** All frames as an animated WebP that loops for ever. The same frames and options give the same bytes. */
export async function encodeWebp(frames: Frames, framesPerSecond: number, options: EncodeOptions): Promise<Uint8Array> {
  const sized: Uint8Array[] = [];
  for (let frame = 0; frame < frames.count; frame++) sized.push(await sizedFrame(frames, frame, options));
  const { width, height } = options;
  const tower = { width, height: height * frames.count, channels: 3, pageHeight: height } as const;
  const delay = Array<number>(frames.count).fill(Math.round(1000 / framesPerSecond));
  return encoded(
    sharp(Buffer.concat(sized), { raw: tower }).webp({ loop: 0, delay, quality: 90, smartSubsample: true }),
    options,
  );
}

async function encoded(picture: Sharp, { provenance }: EncodeOptions): Promise<Uint8Array> {
  return (provenance ? withProvenance(picture, provenance) : picture).toBuffer();
}

async function sizedFrame(frames: Frames, index: number, options: EncodeOptions): Promise<Uint8Array> {
  const bytes = frames.width * frames.height * 3;
  const frame = frames.data.subarray(index * bytes, (index + 1) * bytes);
  if (frames.width === options.width && frames.height === options.height) return frame;
  const { width, height } = options;
  return sharp(frame, { raw: rawShape(frames) })
    .resize({ width, height, fit: 'cover', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
}

function rawShape({ width, height }: { width: number; height: number }) {
  return { width, height, channels: 3 } as const;
}
