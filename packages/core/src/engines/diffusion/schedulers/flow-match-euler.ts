import { combine, type Scheduler } from './scheduler.ts';
import type { SchedulerConfig } from './scheduler-config.ts';

/**
 * Rectified flow: the denoiser says the velocity from picture to noise, and Euler's method walks it back (diffusers'
 * `FlowMatchEulerDiscreteScheduler`, given `sigmas = linspace(1, 1 / steps, steps)` as its pipelines do).
 */
export function flowMatchEulerScheduler({ trainSteps, shift }: SchedulerConfig, steps: number): Scheduler {
  const sigmas = Array.from({ length: steps }, (_, index) => shifted(1 - index / steps, shift));
  const sigma = (index: number) => sigmas[index] ?? 0;
  return {
    timesteps: sigmas.map((level) => level * trainSteps),
    initialNoiseSigma: 1,
    scaleInput: (sample) => sample,
    next(sample, output, step) {
      const change = sigma(step + 1) - sigma(step);
      return combine(sample, output, (noisy, velocity) => noisy + change * velocity);
    },
  };
}

/** Larger pictures need more of the steps spent in noise: `shift` above 1 moves the levels up. */
function shifted(sigma: number, shift: number): number {
  return (shift * sigma) / (1 + (shift - 1) * sigma);
}
