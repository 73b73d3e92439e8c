import { z } from 'zod';
import { GatewayError } from '../../../errors/gateway-error.ts';

/** What the sampler needs from `scheduler/scheduler_config.json`, under our own names, with each class's defaults filled in. */
export interface SchedulerConfig {
  readonly kind: 'euler' | 'euler-ancestral' | 'ddim' | 'lcm' | 'flow-match-euler';
  readonly trainSteps: number;
  readonly betaStart: number;
  readonly betaEnd: number;
  readonly betaSchedule: 'linear' | 'scaled_linear' | 'squaredcos_cap_v2';
  readonly predictionType: 'epsilon' | 'v_prediction' | 'sample';
  readonly timestepSpacing: 'linspace' | 'leading' | 'trailing';
  readonly stepsOffset: number;
  /** Largest magnitude a predicted clean sample may have; absent where it is not clipped. */
  readonly clipRange?: number;
  /** Whether the step after the last is noiseless, or as noisy as training step 0. */
  readonly setAlphaToOne: boolean;
  /** LCM only: the length of the schedule it was distilled on. */
  readonly originalSteps: number;
  /** LCM only. */
  readonly timestepScaling: number;
  /** Flow matching only. */
  readonly shift: number;
}

/**
 * The sampler for each class diffusers may name. Several classes sample one and the same trained model; PNDM and DPM-Solver++
 * have no implementation here and are drawn with the nearest one that has.
 */
const kinds: Readonly<Record<string, SchedulerConfig['kind']>> = {
  EulerDiscreteScheduler: 'euler',
  DPMSolverMultistepScheduler: 'euler',
  EulerAncestralDiscreteScheduler: 'euler-ancestral',
  DDIMScheduler: 'ddim',
  PNDMScheduler: 'ddim',
  LCMScheduler: 'lcm',
  FlowMatchEulerDiscreteScheduler: 'flow-match-euler',
};

/** Options that would change every picture and are not implemented: refused by name rather than ignored. */
const unsupported = [
  'use_karras_sigmas',
  'use_exponential_sigmas',
  'use_beta_sigmas',
  'use_dynamic_shifting',
  'shift_terminal',
  'invert_sigmas',
  'rescale_betas_zero_snr',
  'thresholding',
  'trained_betas',
] as const;

const file = z.looseObject({
  _class_name: z.string(),
  num_train_timesteps: z.int().min(1).max(100_000).default(1000),
  beta_start: z.number().optional(),
  beta_end: z.number().optional(),
  beta_schedule: z.enum(['linear', 'scaled_linear', 'squaredcos_cap_v2']).optional(),
  prediction_type: z.enum(['epsilon', 'v_prediction', 'sample']).default('epsilon'),
  timestep_spacing: z.enum(['linspace', 'leading', 'trailing']).optional(),
  steps_offset: z.int().min(0).default(0),
  clip_sample: z.boolean().optional(),
  clip_sample_range: z.number().positive().default(1),
  set_alpha_to_one: z.boolean().default(true),
  original_inference_steps: z.int().min(1).default(50),
  timestep_scaling: z.number().default(10),
  shift: z.number().positive().default(1),
});

/**
 * Reads the parsed `scheduler_config.json` of diffusers.
 *
 * @throws GatewayError `engine-failed` where the file is not a scheduler this engine can follow exactly.
 */
export function readSchedulerConfig(json: unknown): SchedulerConfig {
  const parsed = file.safeParse(json);
  if (!parsed.success) throw refused(z.prettifyError(parsed.error));
  const config = parsed.data;
  const kind = kinds[config._class_name];
  if (!kind) throw refused(`${config._class_name} is not one of ${Object.keys(kinds).join(', ')}`);
  const option = unsupported.find((name) => Boolean(config[name]));
  if (option) throw refused(`its option ${option} is not supported`);
  const sigmaKind = kind === 'euler' || kind === 'euler-ancestral';
  const clips = config.clip_sample ?? config._class_name === 'DDIMScheduler';
  return {
    kind,
    trainSteps: config.num_train_timesteps,
    betaStart: config.beta_start ?? (kind === 'lcm' ? 0.00085 : 0.0001),
    betaEnd: config.beta_end ?? (kind === 'lcm' ? 0.012 : 0.02),
    betaSchedule: config.beta_schedule ?? (kind === 'lcm' ? 'scaled_linear' : 'linear'),
    predictionType: config.prediction_type,
    timestepSpacing: config.timestep_spacing ?? (sigmaKind ? 'linspace' : 'leading'),
    stepsOffset: config.steps_offset,
    ...(clips ? { clipRange: config.clip_sample_range } : {}),
    setAlphaToOne: config.set_alpha_to_one,
    originalSteps: Math.min(config.original_inference_steps, config.num_train_timesteps),
    timestepScaling: config.timestep_scaling,
    shift: config.shift,
  };
}

function refused(reason: string): GatewayError {
  return new GatewayError('engine-failed', `scheduler/scheduler_config.json cannot be followed: ${reason}.`, {
    retry: 'elsewhere',
  });
}
