import type { Embedding, EmbeddingRequest, EmbeddingResponse } from '@anura/openapi';
import type { EmbeddingResult } from '../engines/embedding-engine.ts';
import { GatewayError } from '../errors/gateway-error.ts';

/** More texts in one request than this are refused, as OpenAI does. */
const mostInputs = 2048;

/**
 * What the contract's schema cannot say about `input`: a text, texts, tokens, or lists of tokens, none of them empty and not
 * mixed. Throws `invalid-request`.
 */
export function checkEmbeddingInput({ input }: EmbeddingRequest): void {
  if (typeof input === 'string') checkText(input, 'input');
  else if (!isTokens(input)) checkTexts(input);
}

function checkTexts(items: readonly unknown[]): void {
  if (items.length === 0) throw invalid('input', 'input must not be empty.');
  if (items.length > mostInputs) {
    throw invalid('input', `input holds ${items.length} texts; at most ${mostInputs} are taken at once.`);
  }
  const kind = typeof items[0];
  for (const [at, item] of items.entries()) {
    if (typeof item === kind) checkItem(item, `input[${at}]`);
    else throw invalid(`input[${at}]`, `input[${at}] is a ${typeof item} among ${kind}s; all must be of one kind.`);
  }
}

function checkItem(item: unknown, param: string): void {
  if (typeof item === 'string') checkText(item, param);
  else if (!Array.isArray(item)) throw invalid(param, `${param} must be a text or a list of tokens.`);
  else if (!isTokens(item)) throw invalid(param, `${param} must hold tokens, whole numbers from 0, at least one.`);
}

function checkText(text: string, param: string): void {
  if (text === '') throw invalid(param, `${param} is an empty text; embed at least one character.`);
}

const isTokens = (items: readonly unknown[]): boolean => items.length > 0 && items.every(isToken);

const isToken = (item: unknown): item is number => typeof item === 'number' && Number.isSafeInteger(item) && item >= 0;

/** The inputs one by one: a text or the tokens of one. */
export function countInputs({ input }: EmbeddingRequest): number {
  return typeof input === 'string' || isTokens(input) ? 1 : input.length;
}

/** Characters of all inputs, tokens counted as four. */
export function inputCharacters({ input }: EmbeddingRequest): number {
  if (typeof input === 'string') return input.length;
  return (input as unknown[]).reduce<number>((sum, item) => sum + charactersOf(item), 0);
}

const charactersOf = (item: unknown): number =>
  typeof item === 'string' ? item.length : Array.isArray(item) ? item.length * 4 : 4;

/** OpenAI's answer. `base64` is the vector's 32-bit floats, little-endian. */
export function embeddingResponse(
  request: EmbeddingRequest,
  model: string,
  result: EmbeddingResult,
): EmbeddingResponse {
  const encode =
    request.encoding_format === 'base64' ? toBase64 : (vector: readonly number[] | Float32Array) => [...vector];
  const data = result.vectors.map(
    (vector, index): Embedding => ({ object: 'embedding', embedding: encode(vector), index }),
  );
  const { promptTokens } = result;
  return { object: 'list', data, model, usage: { prompt_tokens: promptTokens, total_tokens: promptTokens } };
}

function toBase64(vector: readonly number[] | Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [at, value] of vector.entries()) bytes.setFloat32(at * 4, value, true);
  return Buffer.from(bytes.buffer).toString('base64');
}

const invalid = (param: string, message: string): GatewayError =>
  new GatewayError('invalid-request', message, { param });
