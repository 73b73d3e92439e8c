import type { Template } from '../template/template.ts';

export interface PromisedOutput {
  readonly modality: Template['modality'];
  /** Of one frame, pixels. */
  readonly width: number;
  readonly height: number;
}

/** Decodes all of a file. Undefined where it is what was promised; otherwise what is wrong, as the end of a sentence. */
export async function whyNotPromised(bytes: Uint8Array, promised: PromisedOutput): Promise<string | undefined> {
  const decoded = await decode(bytes);
  if (!decoded) return 'gave out a file that cannot be read';
  const { format, width, height, frames } = decoded;
  const wanted = promised.modality === 'video' ? 'webp' : 'png';
  if (format !== wanted) return `made a ${format} instead of a ${wanted}`;
  if (promised.modality === 'video' && frames < 2) return 'made a picture that does not move';
  if (width === promised.width && height === promised.height) return undefined;
  return `made ${width}×${height} pixels instead of ${promised.width}×${promised.height}`;
}

async function decode(bytes: Uint8Array) {
  const { default: sharp } = await import('sharp');
  try {
    const picture = sharp(bytes, { animated: true, failOn: 'truncated' });
    const { format, pages: frames = 1, width, height, pageHeight = height } = await picture.metadata();
    await picture.raw().toBuffer();
    return { format, width, height: pageHeight, frames };
  } catch {
    return undefined;
  }
}
