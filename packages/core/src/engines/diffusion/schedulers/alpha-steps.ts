import type { SchedulerConfig } from './scheduler-config.ts';

/** Turns a denoiser's output into the clean sample and the noise it stands for, at `alpha` of clean picture left. */
export interface AlphaPredictor {
  clean(sample: number, output: number, alpha: number): number;
  noise(sample: number, output: number, alpha: number): number;
}

/** What DDIM and LCM share. `clean` is clipped where the configuration says so; `noise` is the unclipped prediction. */
export function alphaPredictor({
  predictionType,
  clipRange = Number.POSITIVE_INFINITY,
}: SchedulerConfig): AlphaPredictor {
  const { clean, noise } = predictors[predictionType];
  return {
    clean: (sample, output, alpha) => Math.min(Math.max(clean(sample, output, alpha), -clipRange), clipRange),
    noise,
  };
}

const predictors: Readonly<Record<SchedulerConfig['predictionType'], AlphaPredictor>> = {
  epsilon: {
    clean: (sample, output, alpha) => (sample - Math.sqrt(1 - alpha) * output) / Math.sqrt(alpha),
    noise: (_sample, output) => output,
  },
  v_prediction: {
    clean: (sample, output, alpha) => Math.sqrt(alpha) * sample - Math.sqrt(1 - alpha) * output,
    noise: (sample, output, alpha) => Math.sqrt(alpha) * output + Math.sqrt(1 - alpha) * sample,
  },
  sample: {
    clean: (_sample, output) => output,
    noise: (sample, output, alpha) => (sample - Math.sqrt(alpha) * output) / Math.sqrt(1 - alpha),
  },
};
