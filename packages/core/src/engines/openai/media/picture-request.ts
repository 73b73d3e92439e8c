import { randomInt } from 'node:crypto';
import { GatewayError } from '../../../errors/gateway-error.ts';
import type { ImageRequest } from '../../image-engine.ts';

const largestSeed = 2 ** 32 - 1;
const promptCharacters = 1000;

/**
 * Refuses what no model can do; the upstream knows its own limits.
 *
 * @throws GatewayError `invalid-request` naming the field
 */
export function checkPictureRequest({ prompt, seed, steps, width, height }: ImageRequest): void {
  checkPrompt(prompt);
  checkWhole('seed', seed, 0, largestSeed);
  checkWhole('steps', steps, 1, 1000);
  checkWhole('width', width, 16, 8192);
  checkWhole('height', height, 16, 8192);
  const missingSide = width === undefined ? 'width' : 'height';
  if ((width === undefined) !== (height === undefined))
    throw invalid(missingSide, 'must be given beside the other side');
}

/**
 * The body for `/images/generations` and `/videos`, checked. The names beyond OpenAI's are those of sd-server, LocalAI,
 * SGLang and vLLM-Omni, sent only when asked for.
 */
export function pictureRequest(request: ImageRequest, model: string): Record<string, unknown> & { seed: number } {
  checkPictureRequest(request);
  const { prompt, negative_prompt: negativePrompt, steps, width, height, guidance } = request;
  return {
    model,
    prompt,
    seed: request.seed ?? randomInt(largestSeed),
    ...(width !== undefined && { size: `${width}x${height}` }),
    ...(negativePrompt && { negative_prompt: negativePrompt }),
    ...(steps !== undefined && { steps, num_inference_steps: steps }),
    ...(guidance !== undefined && { guidance_scale: guidance, cfg_scale: guidance }),
  };
}

function checkPrompt(prompt: string): void {
  const characters = [...prompt].length;
  if (prompt.trim() === '') throw invalid('prompt', 'must not be empty');
  if (characters > promptCharacters)
    throw invalid('prompt', `may have at most ${promptCharacters} characters; this one has ${characters}`);
}

function checkWhole(param: string, value: number | undefined, low: number, high: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= low && value <= high)) return;
  throw invalid(param, `must be a whole number from ${low} to ${high}`);
}

const invalid = (param: string, reason: string) =>
  new GatewayError('invalid-request', `\`${param}\` ${reason}.`, { param });
