import { randomInt } from 'node:crypto';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { ImageRequest } from '../image-engine.ts';
import type { DiffusionModel } from './diffusion-model.ts';
import { largestSeed } from './pipeline/seeded-normals.ts';

/** A request with every blank filled in: it says all there is to know about the result. */
export interface Drawing {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
  /** Pixels of the result. */
  readonly width: number;
  readonly height: number;
}

/**
 * Checks a request against the model's limits and fills in the model's defaults.
 *
 * @param drawLots gives a seed where the request has none.
 * @throws GatewayError `invalid-request` naming the first field that is out of bounds.
 */
export function planDrawing(
  request: Omit<ImageRequest, 'model'>,
  model: DiffusionModel,
  drawLots: () => number = () => randomInt(largestSeed),
): Drawing {
  const { limits } = model;
  const side = { from: limits.smallestSide, to: limits.largestSide };
  return {
    prompt: text('prompt', request.prompt, 1, limits.promptCharacters),
    negativePrompt: text('negative_prompt', request.negative_prompt ?? '', 0, limits.promptCharacters),
    seed: whole('seed', request.seed ?? drawLots(), { from: 0, to: largestSeed }),
    steps: whole('steps', request.steps ?? model.defaultSteps, { from: 1, to: limits.mostSteps }),
    guidance: within('guidance', request.guidance ?? model.defaultGuidance, { from: 0, to: limits.largestGuidance }),
    width: whole('width', request.width ?? model.width, side),
    height: whole('height', request.height ?? model.height, side),
  };
}

/** Characters are counted as people see code points: an emoji is one. */
function text(param: string, value: string, least: number, most: number): string {
  const characters = [...value].length;
  if (least > 0 && value.trim() === '') throw invalid(param, 'must not be empty');
  if (characters > most) throw invalid(param, `may have at most ${most} characters; this one has ${characters}`);
  return value;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function whole(param: string, value: number, range: Range): number {
  if (!Number.isInteger(value)) throw invalid(param, `must be a whole number from ${range.from} to ${range.to}`);
  return within(param, value, range);
}

function within(param: string, value: number, { from, to }: Range): number {
  if (value >= from && value <= to) return value;
  throw invalid(param, `must be from ${from} to ${to} for this model; it is ${value}`);
}

function invalid(param: string, reason: string): GatewayError {
  return new GatewayError('invalid-request', `\`${param}\` ${reason}.`, { param });
}
