import type { Token } from '@anura/node-llama-cpp';
import type { EmbeddingRequest } from '@anura/openapi';
import { GatewayError } from '../../../errors/gateway-error.ts';

export interface EmbeddingInput {
  readonly input: string | readonly Token[];
  /** The field it came from. */
  readonly param: string;
}

/** The inputs of a request one by one: `input` is a text, texts, a token array, or token arrays. */
export function readInputs(input: EmbeddingRequest['input']): readonly EmbeddingInput[] {
  if (typeof input === 'string') return [{ input: notEmpty(input, 'input'), param: 'input' }];
  if (input.length === 0) throw new GatewayError('invalid-request', 'input must not be empty.', { param: 'input' });
  if (isTokens(input)) return [{ input, param: 'input' }];
  return input.map((item, index) => {
    const param = `input[${index}]`;
    if (typeof item === 'string' || isTokens(item)) return { input: notEmpty(item, param), param };
    throw new GatewayError('invalid-request', 'Each input must be a text or an array of token ids.', { param });
  });
}

function isTokens(input: unknown): input is readonly Token[] {
  return Array.isArray(input) && input.every((token) => Number.isInteger(token));
}

function notEmpty<Input extends string | readonly Token[]>(input: Input, param: string): Input {
  if (input.length > 0) return input;
  throw new GatewayError('invalid-request', 'An empty text has no embedding.', { param });
}
