import { alphaPredictor } from './alpha-steps.ts';
import { cumulativeAlphas, spacedTimesteps } from './noise-schedule.ts';
import { combine, type Scheduler } from './scheduler.ts';
import type { SchedulerConfig } from './scheduler-config.ts';

/** Denoising diffusion implicit models, without added noise (arXiv 2010.02502 with eta 0; diffusers' `DDIMScheduler`). */
export function ddimScheduler(config: SchedulerConfig, steps: number): Scheduler {
  const alphas = cumulativeAlphas(config);
  const timesteps = spacedTimesteps(config, steps, true);
  const stride = Math.floor(config.trainSteps / steps);
  const predict = alphaPredictor(config);
  const lastAlpha = config.setAlphaToOne ? 1 : (alphas[0] ?? 1);
  return {
    timesteps,
    initialNoiseSigma: 1,
    scaleInput: (sample) => sample,
    next(sample, output, step) {
      const timestep = timesteps[step] ?? 0;
      const alpha = alphas[timestep] ?? 1;
      const nextAlpha = timestep < stride ? lastAlpha : (alphas[timestep - stride] ?? 1);
      return combine(sample, output, (noisy, said) => {
        const clean = predict.clean(noisy, said, alpha);
        return Math.sqrt(nextAlpha) * clean + Math.sqrt(1 - nextAlpha) * predict.noise(noisy, said, alpha);
      });
    },
  };
}
