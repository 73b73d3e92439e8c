/** Pixels. */
export interface ImageSize {
  width: number;
  height: number;
}

/**
 * The size of a PNG or JPEG, read from its header without decoding it; undefined when it is neither, is cut off before its
 * size, or claims no area. PNG: the IHDR chunk (https://www.w3.org/TR/png-3/#11IHDR). JPEG: the first start-of-frame
 * segment (ITU T.81, B.2.2).
 */
export function readImageSize(bytes: Uint8Array): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = isPng(view) ? pngSize(view) : isJpeg(view) ? jpegSize(view) : undefined;
  return size && size.width > 0 && size.height > 0 ? size : undefined;
}

const isPng = (view: DataView): boolean =>
  view.byteLength >= 24 && view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a;

const isJpeg = (view: DataView): boolean => view.byteLength >= 4 && view.getUint16(0) === 0xffd8;

function pngSize(view: DataView): ImageSize | undefined {
  const isHeader = view.getUint32(12) === 0x49484452; // "IHDR"
  return isHeader ? { width: view.getUint32(16), height: view.getUint32(20) } : undefined;
}

function jpegSize(view: DataView): ImageSize | undefined {
  let at = 2;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    if (isStartOfFrame(marker)) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15, but not the tables that share the range (DHT, JPG, DAC). */
const isStartOfFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
