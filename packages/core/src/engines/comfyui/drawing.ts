import { randomInt } from 'node:crypto';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { ImageRequest } from '../image-engine.ts';
import type { Drawing, Placeholder, Template } from './template/template.ts';

const largestSeed = 2 ** 32 - 1;

/** Characters of a prompt, as the wire has it. */
export const promptCharacters = 1000;

/**
 * Checks a request against the template's limits and fills in its defaults. What the template has no place for is refused
 * rather than dropped.
 *
 * @param drawLots gives a seed where the request has none
 * @throws GatewayError `invalid-request` naming the first field at fault
 */
export function planDrawing(
  request: Omit<ImageRequest, 'model'>,
  template: Template,
  drawLots: () => number = () => randomInt(largestSeed),
): Drawing {
  const { defaults, limits } = template;
  const drawing: Drawing = {
    prompt: text('prompt', request.prompt, 1),
    negative_prompt: text('negative_prompt', request.negative_prompt || defaults.negative_prompt, 0),
    seed: whole('seed', request.seed ?? drawLots(), 0, largestSeed),
    steps: whole('steps', request.steps ?? defaults.steps, 1, limits.mostSteps),
    guidance: within('guidance', request.guidance ?? defaults.guidance, 0, limits.largestGuidance),
    width: side('width', request.width ?? defaults.width, template),
    height: side('height', request.height ?? defaults.height, template),
  };
  for (const fixed of ['negative_prompt', 'steps', 'guidance', 'width', 'height'] as const)
    refuseChange(fixed, drawing, template);
  return drawing;
}

function refuseChange(param: keyof Template['defaults'] & Placeholder, drawing: Drawing, template: Template): void {
  if (template.uses.has(param) || drawing[param] === template.defaults[param]) return;
  throw invalid(param, `is fixed for this model: ${template.defaults[param] || 'it takes none'}`);
}

/** Characters are counted as people see code points: an emoji is one. */
function text(param: string, value: string, least: number): string {
  const characters = [...value].length;
  if (least > 0 && value.trim() === '') throw invalid(param, 'must not be empty');
  if (characters > promptCharacters)
    throw invalid(param, `may have at most ${promptCharacters} characters; this one has ${characters}`);
  return value;
}

function side(param: string, value: number, { uses, limits }: Template): number {
  if (!uses.has('width')) return value;
  whole(param, value, limits.smallestSide, limits.largestSide);
  // ComfyUI would round it down without a word.
  if (value % limits.sideMultipleOf === 0) return value;
  throw invalid(param, `must be a multiple of ${limits.sideMultipleOf} for this model; it is ${value}`);
}

function whole(param: string, value: number, from: number, to: number): number {
  if (!Number.isInteger(value)) throw invalid(param, `must be a whole number from ${from} to ${to}`);
  return within(param, value, from, to);
}

function within(param: string, value: number, from: number, to: number): number {
  if (value >= from && value <= to) return value;
  throw invalid(param, `must be from ${from} to ${to} for this model; it is ${value}`);
}

const invalid = (param: string, reason: string) =>
  new GatewayError('invalid-request', `\`${param}\` ${reason}.`, { param });
