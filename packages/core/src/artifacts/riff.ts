export interface RiffChunk {
  /** Four characters, e.g. `fmt `. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** The chunks of a RIFF file of the form, e.g. `WAVE`; or in words why it is not one, whole. */
export function readRiff(bytes: Uint8Array, form: string): RiffChunk[] | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 12 || text(bytes, 0) !== 'RIFF' || text(bytes, 8) !== form)
    return `it does not begin like a ${form} file`;
  const end = view.getUint32(4, true) + 8;
  if (end > view.byteLength) return 'it is cut off';
  if (end < view.byteLength) return 'something follows its end';
  const chunks: RiffChunk[] = [];
  for (let at = 12; at < end; ) {
    if (at + 8 > end) return 'a part of it is cut off';
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > end) return 'a part of it is cut off';
    chunks.push({ name: text(bytes, at), content: bytes.subarray(at + 8, at + 8 + length) });
    // Chunks begin at even places.
    at += 8 + length + (length % 2);
  }
  return chunks;
}

const text = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
