/** What an animated WebP says of itself. */
export interface Animation {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly durationMs: number;
}

const animationFlag = 0x02;

/** Reads the chunks of an animated WebP. Throws for any other file, and for one that is cut off. */
export function readAnimation(bytes: Uint8Array): Animation {
  const file = Buffer.from(bytes);
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WEBP')
    throw new Error('This is no WebP.');
  if (file.readUInt32LE(4) + 8 !== file.length) throw new Error('This WebP is not as long as it says.');
  const chunks = readChunks(file.subarray(12));
  const header = chunks.find(({ name }) => name === 'VP8X')?.data;
  if (!header || ((header[0] ?? 0) & animationFlag) === 0) throw new Error('This WebP is not animated.');
  const frames = chunks.filter(({ name }) => name === 'ANMF');
  return {
    width: header.readUIntLE(4, 3) + 1,
    height: header.readUIntLE(7, 3) + 1,
    frames: frames.length,
    durationMs: frames.reduce((sum, { data }) => sum + data.readUIntLE(12, 3), 0),
  };
}

/** Each chunk is four letters, its length and its data, which a zero byte makes even. */
function readChunks(rest: Buffer): { name: string; data: Buffer }[] {
  const chunks: { name: string; data: Buffer }[] = [];
  for (let at = 0; at < rest.length; ) {
    const length = rest.readUInt32LE(at + 4);
    const data = rest.subarray(at + 8, at + 8 + length);
    if (data.length < length) throw new Error('This WebP ends inside a chunk.');
    chunks.push({ name: rest.toString('latin1', at, at + 4), data });
    at += 8 + length + (length % 2);
  }
  return chunks;
}
