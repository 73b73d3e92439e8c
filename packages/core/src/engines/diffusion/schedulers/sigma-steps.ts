import { interpolate, spacedTimesteps, trainingSigmas } from './noise-schedule.ts';
import { combine } from './scheduler.ts';
import type { SchedulerConfig } from './scheduler-config.ts';

/** What Euler and Euler ancestral share: k-diffusion's noise levels, and the clean sample a denoiser's output stands for. */
export interface SigmaSteps {
  readonly timesteps: readonly number[];
  readonly initialNoiseSigma: number;
  /** The noise level before step `index`; 0 after the last. */
  sigma(index: number): number;
  scaleInput(sample: Float32Array, step: number): Float32Array;
  /** The clean sample predicted at noise level `sigma`, element by element. */
  predictClean(sample: number, output: number, sigma: number): number;
}

export function sigmaSteps(config: SchedulerConfig, steps: number): SigmaSteps {
  const timesteps = spacedTimesteps(config, steps, false);
  const training = trainingSigmas(config);
  const sigmas = timesteps.map((timestep) => interpolate(training, timestep));
  const sigma = (index: number) => sigmas[index] ?? 0;
  const largest = Math.max(...sigmas);
  return {
    timesteps,
    initialNoiseSigma: config.timestepSpacing === 'leading' ? Math.sqrt(largest ** 2 + 1) : largest,
    sigma,
    scaleInput: (sample, step) => {
      const scale = 1 / Math.sqrt(sigma(step) ** 2 + 1);
      return sample.map((value) => value * scale);
    },
    predictClean: cleanPredictor(config.predictionType),
  };
}

/** One Euler step from noise level `from` to `to` along the line through the predicted clean sample. */
export function eulerStep(
  sample: Float32Array,
  output: Float32Array,
  predictClean: SigmaSteps['predictClean'],
  from: number,
  to: number,
): Float32Array {
  return combine(
    sample,
    output,
    (noisy, said) => noisy + ((noisy - predictClean(noisy, said, from)) / from) * (to - from),
  );
}

function cleanPredictor(type: SchedulerConfig['predictionType']): SigmaSteps['predictClean'] {
  switch (type) {
    case 'epsilon':
      return (sample, output, sigma) => sample - sigma * output;
    case 'v_prediction':
      return (sample, output, sigma) =>
        (sample / Math.sqrt(sigma ** 2 + 1) - sigma * output) / Math.sqrt(sigma ** 2 + 1);
    case 'sample':
      return (_sample, output) => output;
  }
}
