import { ddimScheduler } from './ddim.ts';
import { eulerScheduler } from './euler.ts';
import { eulerAncestralScheduler } from './euler-ancestral.ts';
import { flowMatchEulerScheduler } from './flow-match-euler.ts';
import { lcmScheduler } from './lcm.ts';
import type { Scheduler } from './scheduler.ts';
import type { SchedulerConfig } from './scheduler-config.ts';

const makers: Readonly<Record<SchedulerConfig['kind'], (config: SchedulerConfig, steps: number) => Scheduler>> = {
  euler: eulerScheduler,
  'euler-ancestral': eulerAncestralScheduler,
  ddim: ddimScheduler,
  lcm: lcmScheduler,
  'flow-match-euler': flowMatchEulerScheduler,
};

/** The sampler a model's configuration names, for `steps` steps: a whole number from 1 to `mostSteps(config)`. */
export function createScheduler(config: SchedulerConfig, steps: number): Scheduler {
  return makers[config.kind](config, steps);
}

/** The most steps the sampler's schedule has room for. */
export function mostSteps(config: SchedulerConfig): number {
  if (config.kind === 'flow-match-euler') return Number.POSITIVE_INFINITY;
  return config.kind === 'lcm' ? config.originalSteps : config.trainSteps;
}
