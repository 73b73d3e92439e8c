/** The seeds that give different noise: 32 bits. */
export const largestSeed = 0xffff_ffff;

/**
 * Seeded standard normal numbers: Mulberry32, then Box and Muller. The same seed gives the same numbers on every machine, and
 * the same as the bundled models' reference sampler.
 *
 * @returns a function that gives the next `count` numbers of the stream.
 */
export function seededNormals(seed: number): (count: number) => Float32Array {
  const uniform = mulberry32(seed);
  return (count) => {
    const normals = new Float32Array(count);
    for (let index = 0; index < count; index += 2) {
      const radius = Math.sqrt(-2 * Math.log(uniform()));
      const angle = 2 * Math.PI * uniform();
      normals[index] = radius * Math.cos(angle);
      if (index + 1 < count) normals[index + 1] = radius * Math.sin(angle);
    }
    return normals;
  };
}

/** Uniform numbers above 0 and below 1. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}
