import type { EmbeddingRequest, EmbeddingResponse } from '@anura/openapi';
import { embedText } from '../embedding.ts';
import type { FakeModel } from '../models.ts';
import { jsonReply, Refusal, type Reply } from '../reply.ts';
import { countTokens } from '../tokens.ts';

/** `POST /v1/embeddings` */
export function answerEmbeddings(request: EmbeddingRequest, model: FakeModel): Reply {
  if (model.modality !== 'embedding') throw new Refusal(400, `${model.name} makes no embeddings`, { param: 'model' });
  const inputs = readInputs(request.input);
  checkLengths(inputs, model);
  const dimensions = request.dimensions ?? model.dimensions;
  if (dimensions > model.dimensions) {
    throw new Refusal(400, `${model.name} has ${model.dimensions} dimensions`, { param: 'dimensions' });
  }
  const data: EmbeddingResponse['data'] = inputs.map(({ text }, index) => {
    const vector = embedText(text, dimensions);
    return { object: 'embedding', index, embedding: request.encoding_format === 'base64' ? toBase64(vector) : vector };
  });
  const tokens = inputs.reduce((sum, input) => sum + input.tokens, 0);
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return jsonReply({ object: 'list', data, model: request.model, usage } satisfies EmbeddingResponse);
}

function checkLengths(inputs: readonly Input[], { contextLength }: FakeModel): void {
  const longest = Math.max(...inputs.map(({ tokens }) => tokens));
  if (longest <= contextLength) return;
  const message = `This model's maximum context length is ${contextLength} tokens. However, an input has ${longest} tokens.`;
  throw new Refusal(400, message, { code: 'context_length_exceeded', param: 'input' });
}

interface Input {
  readonly text: string;
  readonly tokens: number;
}

function readInputs(input: EmbeddingRequest['input']): Input[] {
  if (typeof input === 'string') return [textInput(input)];
  if (!Array.isArray(input) || input.length === 0)
    throw new Refusal(400, 'input must not be empty', { param: 'input' });
  if (input.every((item) => typeof item === 'number')) return [tokensInput(input)];
  return input.map((item) => {
    if (typeof item === 'string') return textInput(item);
    if (Array.isArray(item)) return tokensInput(item);
    throw new Refusal(400, 'input must be texts or lists of tokens', { param: 'input' });
  });
}

const textInput = (text: string): Input => ({ text, tokens: countTokens(text) });

const tokensInput = (tokens: readonly number[]): Input => ({
  text: tokens.map((token) => `token${token}`).join(' '),
  tokens: tokens.length,
});

/** Little-endian 32-bit floats, as OpenAI sends them. */
function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
