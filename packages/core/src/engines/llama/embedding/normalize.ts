/** The vector scaled to length 1; a zero vector stays zero. */
export function normalize(vector: readonly number[]): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  return Float32Array.from(vector, (value) => value * scale);
}
