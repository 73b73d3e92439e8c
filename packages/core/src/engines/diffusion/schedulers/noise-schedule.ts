import type { SchedulerConfig } from './scheduler-config.ts';

/** How much of the clean picture is left after each training step: the running product of `1 - beta`, one entry a step. */
export function cumulativeAlphas(config: SchedulerConfig): Float64Array {
  const alphas = new Float64Array(config.trainSteps);
  let product = 1;
  for (let step = 0; step < config.trainSteps; step++) {
    product *= 1 - beta(config, step);
    alphas[step] = product;
  }
  return alphas;
}

/** The noise level at each training step as k-diffusion counts it: noise for one part of clean picture. */
export function trainingSigmas(config: SchedulerConfig): Float64Array {
  return cumulativeAlphas(config).map((alpha) => Math.sqrt((1 - alpha) / alpha));
}

/**
 * The training steps to visit, most noisy first, spaced as Table 2 of "Common Diffusion Noise Schedules and Sample Steps are
 * Flawed" (arXiv 2305.08891) names the ways. Only `linspace` gives fractions, and `wholeSteps` rounds them.
 */
export function spacedTimesteps(config: SchedulerConfig, steps: number, wholeSteps: boolean): number[] {
  const { trainSteps, timestepSpacing, stepsOffset } = config;
  const ratio = trainSteps / steps;
  const ascending = Array.from({ length: steps }, (_, index) => {
    if (timestepSpacing === 'leading') return index * Math.floor(ratio) + stepsOffset;
    if (timestepSpacing === 'trailing') return roundHalfToEven(trainSteps - (steps - 1 - index) * ratio) - 1;
    const even = steps === 1 ? 0 : (index * (trainSteps - 1)) / (steps - 1);
    return wholeSteps ? roundHalfToEven(even) : even;
  });
  return ascending.reverse().map((timestep) => Math.min(Math.max(timestep, 0), trainSteps - 1));
}

/** numpy's rounding, which the published schedules were made with: 812.5 becomes 812. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return value % 1 === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

/** The value at a fractional place, by straight line between the neighbours. */
export function interpolate(values: Float64Array, place: number): number {
  const below = Math.floor(place);
  const low = values[below] ?? 0;
  const high = values[below + 1] ?? low;
  return low + (high - low) * (place - below);
}

function beta({ betaSchedule, betaStart, betaEnd, trainSteps }: SchedulerConfig, step: number): number {
  const part = trainSteps === 1 ? 0 : step / (trainSteps - 1);
  switch (betaSchedule) {
    case 'linear':
      return betaStart + (betaEnd - betaStart) * part;
    case 'scaled_linear':
      return (Math.sqrt(betaStart) + (Math.sqrt(betaEnd) - Math.sqrt(betaStart)) * part) ** 2;
    case 'squaredcos_cap_v2':
      return Math.min(1 - cosineAlpha((step + 1) / trainSteps) / cosineAlpha(step / trainSteps), 0.999);
  }
}

function cosineAlpha(part: number): number {
  return Math.cos((((part + 0.008) / 1.008) * Math.PI) / 2) ** 2;
}
