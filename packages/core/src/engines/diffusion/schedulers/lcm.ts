import { alphaPredictor } from './alpha-steps.ts';
import { cumulativeAlphas } from './noise-schedule.ts';
import { combine, type Scheduler } from './scheduler.ts';
import type { SchedulerConfig } from './scheduler-config.ts';

/** The data's standard deviation in the boundary condition of the consistency paper. */
const sigmaData = 0.5;

/**
 * Latent consistency models: each step leaps to the clean picture, and all but the last put noise back (arXiv 2310.04378;
 * diffusers' `LCMScheduler`). At most `originalSteps` steps.
 */
export function lcmScheduler(config: SchedulerConfig, steps: number): Scheduler {
  const alphas = cumulativeAlphas(config);
  const timesteps = lcmTimesteps(config, steps);
  const predict = alphaPredictor(config);
  const alphaAt = (timestep: number) => alphas[timestep] ?? 1;
  return {
    timesteps,
    initialNoiseSigma: 1,
    scaleInput: (sample) => sample,
    next(sample, output, step, noise) {
      const timestep = timesteps[step] ?? 0;
      const { skip, out } = boundaryScales(timestep * config.timestepScaling);
      const alpha = alphaAt(timestep);
      const denoised = combine(sample, output, (noisy, said) => out * predict.clean(noisy, said, alpha) + skip * noisy);
      const nextTimestep = timesteps[step + 1];
      if (nextTimestep === undefined) return denoised;
      const next = alphaAt(nextTimestep);
      return combine(denoised, noise(), (clean, fresh) => Math.sqrt(next) * clean + Math.sqrt(1 - next) * fresh);
    },
  };
}

/** Evenly chosen entries of the schedule the model was distilled on, which visits every k-th training step. */
function lcmTimesteps({ trainSteps, originalSteps }: SchedulerConfig, steps: number): number[] {
  const stride = Math.floor(trainSteps / originalSteps);
  return Array.from({ length: steps }, (_, index) => {
    const place = Math.floor((index * originalSteps) / steps);
    return (originalSteps - place) * stride - 1;
  });
}

function boundaryScales(scaledTimestep: number): { skip: number; out: number } {
  const sum = scaledTimestep ** 2 + sigmaData ** 2;
  return { skip: sigmaData ** 2 / sum, out: scaledTimestep / Math.sqrt(sum) };
}
