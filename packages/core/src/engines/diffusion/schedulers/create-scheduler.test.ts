import { describe, expect, it } from 'vitest';
import { createScheduler, mostSteps } from './create-scheduler.ts';
import { readSchedulerConfig } from './scheduler-config.ts';

const stableDiffusion = {
  num_train_timesteps: 1000,
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
};

function timesteps(config: object, steps: number): readonly number[] {
  return createScheduler(readSchedulerConfig({ ...stableDiffusion, ...config }), steps).timesteps;
}

describe('the steps a scheduler visits', () => {
  it('are those of diffusers’ own test for DDIM with an offset', () => {
    expect(timesteps({ _class_name: 'DDIMScheduler', steps_offset: 1 }, 5)).toEqual([801, 601, 401, 201, 1]);
  });

  it('begin at the last training step with trailing spacing, as SD-Turbo needs for a single step', () => {
    const turbo = { _class_name: 'EulerDiscreteScheduler', timestep_spacing: 'trailing' };
    expect(timesteps(turbo, 1)).toEqual([999]);
    expect(timesteps(turbo, 4)).toEqual([999, 749, 499, 249]);
  });

  it('round halves to even with trailing spacing, as numpy does', () => {
    const sixteen = timesteps({ _class_name: 'DDIMScheduler', timestep_spacing: 'trailing' }, 16);
    expect(sixteen.slice(0, 4)).toEqual([999, 937, 874, 811]);
  });

  it('are entries of the distilled schedule for LCM', () => {
    expect(timesteps({ _class_name: 'LCMScheduler' }, 4)).toEqual([999, 759, 499, 259]);
  });

  it('fall evenly from noise for rectified flow', () => {
    const scheduler = createScheduler(readSchedulerConfig({ _class_name: 'FlowMatchEulerDiscreteScheduler' }), 4);
    expect(scheduler.timesteps).toEqual([1000, 750, 500, 250]);
    expect([...scheduler.next(Float32Array.of(1), Float32Array.of(2), 0, noNoise)]).toEqual([0.5]);
  });

  it('stay longer in noise where rectified flow is shifted', () => {
    const shifted = { _class_name: 'FlowMatchEulerDiscreteScheduler', shift: 3 };
    expect(timesteps(shifted, 2)).toEqual([1000, 750]);
  });
});

describe('the most steps a scheduler has room for', () => {
  it('is the distilled schedule for LCM and the training steps for the others', () => {
    const most = (name: string) => mostSteps(readSchedulerConfig({ ...stableDiffusion, _class_name: name }));
    expect(most('LCMScheduler')).toBe(50);
    expect(most('DDIMScheduler')).toBe(1000);
    expect(most('FlowMatchEulerDiscreteScheduler')).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a scheduler configuration', () => {
  it('of PNDM is drawn with DDIM and keeps its clipping off', () => {
    const config = readSchedulerConfig({ ...stableDiffusion, _class_name: 'PNDMScheduler', steps_offset: 1 });
    expect(config).toMatchObject({ kind: 'ddim', stepsOffset: 1, timestepSpacing: 'leading' });
    expect(config.clipRange).toBeUndefined();
  });

  it('of an unknown class is refused with the classes there are', () => {
    expect(() => readSchedulerConfig({ _class_name: 'VQDiffusionScheduler' })).toThrow(/VQDiffusionScheduler.*DDIM/);
  });

  it('with an option that is not supported is refused by its name', () => {
    const karras = { ...stableDiffusion, _class_name: 'EulerDiscreteScheduler', use_karras_sigmas: true };
    expect(() => readSchedulerConfig(karras)).toThrow(/use_karras_sigmas/);
  });

  it.each([null, [], 'x', { num_train_timesteps: 0, _class_name: 'DDIMScheduler' }])('%j is refused', (json) => {
    expect(() => readSchedulerConfig(json)).toThrow(/cannot be followed/);
  });
});

function noNoise(): Float32Array {
  throw new Error('this sampler adds no noise');
}
