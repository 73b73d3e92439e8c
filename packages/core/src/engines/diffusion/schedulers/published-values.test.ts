import { describe, expect, it } from 'vitest';
import { torchNoise } from './__fixtures__/torch-noise.ts';
import { createScheduler } from './create-scheduler.ts';
import { readSchedulerConfig } from './scheduler-config.ts';

/**
 * The sums and means in diffusers' own tests (tests/schedulers/test_scheduler_*.py, release 0.30): a made-up sample walks
 * through ten steps of a made-up denoiser, and the absolute values of what comes out are added.
 */
const linear = { num_train_timesteps: 1000, beta_start: 0.0001, beta_end: 0.02, beta_schedule: 'linear' };
const sigmas = { ...linear, num_train_timesteps: 1100 };
const ddim = { ...linear, _class_name: 'DDIMScheduler', clip_sample: true };
const euler = { ...sigmas, _class_name: 'EulerDiscreteScheduler' };
const ancestral = { ...sigmas, _class_name: 'EulerAncestralDiscreteScheduler' };
const lcm = {
  _class_name: 'LCMScheduler',
  num_train_timesteps: 1000,
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
};
const velocity = { prediction_type: 'v_prediction' };

const published = [
  { name: 'Euler, noise prediction', config: euler, steps: 10, sum: 10.0807, mean: 0.0131 },
  { name: 'Euler, velocity prediction', config: { ...euler, ...velocity }, steps: 10, sum: 0.0002, mean: 2.2676e-6 },
  { name: 'Euler ancestral, noise prediction', config: ancestral, steps: 10, sum: 152.3192, mean: 0.1983 },
  {
    name: 'Euler ancestral, velocity prediction',
    config: { ...ancestral, ...velocity },
    steps: 10,
    sum: 108.4439,
    mean: 0.1412,
  },
  { name: 'DDIM, noise prediction', config: ddim, steps: 10, sum: 172.0067, mean: 0.223967 },
  { name: 'DDIM, velocity prediction', config: { ...ddim, ...velocity }, steps: 10, sum: 52.5302, mean: 0.0684 },
  {
    name: 'DDIM, last step noiseless',
    config: { ...ddim, set_alpha_to_one: true, beta_start: 0.01 },
    steps: 10,
    sum: 149.8295,
    mean: 0.1951,
  },
  {
    name: 'DDIM, last step as noisy as training step 0',
    config: { ...ddim, set_alpha_to_one: false, beta_start: 0.01 },
    steps: 10,
    sum: 149.0784,
    mean: 0.1941,
  },
  { name: 'LCM, one step', config: lcm, steps: 1, sum: 18.7097, mean: 0.0244 },
  { name: 'LCM, ten steps', config: lcm, steps: 10, sum: 197.7616, mean: 0.2575 },
];

describe('the schedulers give the values published with diffusers', () => {
  it.each(published)('$name', ({ config, steps, sum, mean }) => {
    const result = walk(config, steps);
    const total = result.reduce((added, value) => added + Math.abs(value), 0);
    expect(Math.abs(total - sum)).toBeLessThan(1e-2);
    expect(Math.abs(total / result.length - mean)).toBeLessThan(1e-3);
  });
});

function walk(config: object, steps: number): Float32Array {
  const scheduler = createScheduler(readSchedulerConfig(config), steps);
  const noise = torchNoise(0);
  let sample: Float32Array = madeUpSample().map((value) => value * scheduler.initialNoiseSigma);
  for (const [step, timestep] of scheduler.timesteps.entries()) {
    const scaled = scheduler.scaleInput(sample, step);
    const said = scaled.map((value) => (value * timestep) / (timestep + 1));
    sample = scheduler.next(scaled, said, step, () => noise(scaled.length));
  }
  return sample;
}

/** `arange(768) / 768`, seen as [3, 8, 8, 4] and turned to [4, 3, 8, 8], so that each element meets its own noise. */
function madeUpSample(): Float32Array {
  const length = 4 * 3 * 8 * 8;
  return Float32Array.from({ length }, (_, index) => {
    const picture = Math.floor(index / 192);
    return ((index % 192) * 4 + picture) / length;
  });
}
