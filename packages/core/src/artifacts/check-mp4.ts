/**
 * Why these bytes are not one whole MP4; nothing when they are. Looks at the boxes of the file (ISO/IEC 14496-12, 4.2) and
 * decodes no picture.
 */
export function whyNotMp4(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names: string[] = [];
  for (let at = 0; at < bytes.byteLength; ) {
    if (at + 8 > bytes.byteLength) return 'a part of it is cut off';
    const length = boxLength(view, at);
    names.push(String.fromCharCode(...bytes.subarray(at + 4, at + 8)));
    if (names[0] !== 'ftyp') return 'it does not begin like an MP4 file';
    if (length < 8 || at + length > bytes.byteLength) return 'a part of it is cut off';
    at += length;
  }
  if (names.length === 0) return 'it does not begin like an MP4 file';
  return names.includes('moov') && names.includes('mdat') ? undefined : 'it holds no film';
}

/** 1 stands for a length of 64 bits after the name, 0 for all that is left. */
function boxLength(view: DataView, at: number): number {
  const length = view.getUint32(at);
  if (length === 0) return view.byteLength - at;
  return length === 1 && at + 16 <= view.byteLength ? Number(view.getBigUint64(at + 8)) : length;
}
