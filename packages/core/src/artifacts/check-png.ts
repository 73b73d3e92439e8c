import { crc32 } from 'node:zlib';

/** Pixels. */
export interface PictureSize {
  readonly width?: number;
  readonly height?: number;
}

/**
 * Why these bytes are not one whole PNG, of the size where one is given; nothing when they are. Looks at the frame of the
 * file, every chunk with its checksum (https://www.w3.org/TR/png-3/#5Chunk-layout), and decodes no pixel.
 */
export function whyNotPng(bytes: Uint8Array, size: PictureSize = {}): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 8 || view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) {
    return 'it does not begin like a PNG';
  }
  const names: string[] = [];
  let at = 8;
  while (names.at(-1) !== 'IEND') {
    if (at + 12 > view.byteLength) return 'it is cut off';
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > view.byteLength) return 'it is cut off';
    const body = bytes.subarray(at + 4, end - 4);
    if (crc32(body) !== view.getUint32(end - 4)) return 'a checksum in it is wrong';
    names.push(String.fromCharCode(...body.subarray(0, 4)));
    at = end;
  }
  if (at !== view.byteLength) return 'something follows its end';
  if (names[0] !== 'IHDR' || !names.includes('IDAT')) return 'it holds no picture';
  return whyNotSize({ width: view.getUint32(16), height: view.getUint32(20) }, size);
}

/** Why a picture is not of the size that was promised, if any was. */
export function whyNotSize(is: Required<PictureSize>, { width, height }: PictureSize): string | undefined {
  const fits = (width ?? is.width) === is.width && (height ?? is.height) === is.height;
  return fits
    ? undefined
    : `it has ${is.width}×${is.height} pixels and not ${width ?? is.width}×${height ?? is.height}`;
}
