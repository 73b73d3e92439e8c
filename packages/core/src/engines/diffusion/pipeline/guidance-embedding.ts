/**
 * The strength of guidance as a vector, for denoisers distilled to take it as an input (`timestep_cond`, LCM) instead of being
 * run twice: sine and cosine at falling frequencies.
 *
 * @param guidance the guidance scale; 1 means none.
 * @param dimensions even.
 */
export function guidanceEmbedding(guidance: number, dimensions: number): Float32Array {
  const half = dimensions / 2;
  const position = (guidance - 1) * 1000;
  const angle = (index: number) => position * Math.exp((-Math.log(10_000) * index) / (half - 1));
  return Float32Array.from({ length: dimensions }, (_, index) =>
    index < half ? Math.sin(angle(index)) : Math.cos(angle(index - half)),
  );
}
