/** Numbers in one style. */
const styleSize = 256;

/**
 * The style for an input of so many symbols: a voice file holds one for each length, since people say long sentences in
 * another way than short ones. `symbols` counts neither edge.
 *
 * @throws Error where the bytes are not whole styles.
 */
export function voiceStyle(bytes: Uint8Array, symbols: number): Float32Array {
  const styleBytes = styleSize * Float32Array.BYTES_PER_ELEMENT;
  const styles = bytes.length / styleBytes;
  if (styles < 1 || !Number.isInteger(styles)) throw new Error(`a voice of ${bytes.length} bytes is damaged`);
  const at = Math.min(symbols, styles - 1) * styleBytes;
  // Copied, because a view of floats must begin at a multiple of four; a Buffer's own `slice` would not copy.
  return new Float32Array(new Uint8Array(bytes.subarray(at, at + styleBytes)).buffer);
}
