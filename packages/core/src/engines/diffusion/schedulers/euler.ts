import type { Scheduler } from './scheduler.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import { eulerStep, sigmaSteps } from './sigma-steps.ts';

/** Euler's method on the noise levels of a diffusion model (diffusers' `EulerDiscreteScheduler` without churn). */
export function eulerScheduler(config: SchedulerConfig, steps: number): Scheduler {
  const { timesteps, initialNoiseSigma, sigma, scaleInput, predictClean } = sigmaSteps(config, steps);
  return {
    timesteps,
    initialNoiseSigma,
    scaleInput,
    next: (sample, output, step) => eulerStep(sample, output, predictClean, sigma(step), sigma(step + 1)),
  };
}
