import { combine, type Scheduler } from './scheduler.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import { eulerStep, sigmaSteps } from './sigma-steps.ts';

/**
 * Euler's method that overshoots towards the clean picture and puts fresh noise back (diffusers'
 * `EulerAncestralDiscreteScheduler`).
 */
export function eulerAncestralScheduler(config: SchedulerConfig, steps: number): Scheduler {
  const { timesteps, initialNoiseSigma, sigma, scaleInput, predictClean } = sigmaSteps(config, steps);
  return {
    timesteps,
    initialNoiseSigma,
    scaleInput,
    next(sample, output, step, noise) {
      const { down, up } = splitNoise(sigma(step), sigma(step + 1));
      const overshot = eulerStep(sample, output, predictClean, sigma(step), down);
      return up === 0 ? overshot : combine(overshot, noise(), (value, fresh) => value + up * fresh);
    },
  };
}

/** How far down to step, and how much fresh noise then makes it level `to` again: `down² + up² = to²`. */
function splitNoise(from: number, to: number): { down: number; up: number } {
  const up = Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2);
  return { down: Math.sqrt(to ** 2 - up ** 2), up };
}
