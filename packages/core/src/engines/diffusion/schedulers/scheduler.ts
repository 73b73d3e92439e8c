/**
 * Walks a sample from noise to picture. Pure: the numbers of all steps are fixed when it is made, and calls change nothing.
 * Steps are counted from 0 to `timesteps.length - 1`.
 */
export interface Scheduler {
  /** What the denoiser is told at each step: most noisy first. */
  readonly timesteps: readonly number[];
  /** The standard deviation the first noise must have. */
  readonly initialNoiseSigma: number;
  /** The sample as the denoiser wants to see it at this step; a new array, or the sample itself where nothing changes. */
  scaleInput(sample: Float32Array, step: number): Float32Array;
  /**
   * The sample after this step, a new array.
   *
   * @param output what the denoiser said about the scaled input.
   * @param noise fresh standard normal numbers, as many as the sample has; called only by samplers that add noise.
   */
  next(sample: Float32Array, output: Float32Array, step: number, noise: () => Float32Array): Float32Array;
}

/** A new array of `by(left, right)` for each pair. */
export function combine(
  left: Float32Array,
  right: Float32Array,
  by: (left: number, right: number) => number,
): Float32Array {
  const result = new Float32Array(left.length);
  for (let index = 0; index < result.length; index++) result[index] = by(left[index] ?? 0, right[index] ?? 0);
  return result;
}
