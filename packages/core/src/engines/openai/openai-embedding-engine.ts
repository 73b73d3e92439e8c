import type { EmbeddingRequest } from '@anura/openapi';
import type { EmbeddingEngine, EmbeddingResult } from '../embedding-engine.ts';
import type { EngineCall } from '../engine-call.ts';
import type { EngineParts } from './engine-parts.ts';
import { askJson } from './upstream/ask-json.ts';
import { watchedCall } from './watched-call.ts';

/** 2,048 vectors of 4,096 numbers written as decimals. */
const maxAnswerBytes = 256 * 1024 * 1024;

/** Embeddings at an OpenAI-compatible upstream. The deadline for the first token is the one for the answer. */
export class OpenAIEmbeddingEngine implements EmbeddingEngine {
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  embed(
    { input, dimensions }: EmbeddingRequest,
    { offer, signal: callerSignal }: EngineCall,
  ): Promise<EmbeddingResult> {
    const { upstream } = this.#parts;
    // Numbers are what every upstream can send; base64 is decoded all the same, for those which always send it.
    const json = {
      model: this.#parts.target(offer.model).model,
      input,
      encoding_format: 'float',
      ...(dimensions != null && { dimensions }),
    };
    return watchedCall(this.#parts, callerSignal, async (signal) => {
      const answer = await askJson(
        upstream,
        { method: 'POST', path: '/embeddings', json, promptParam: 'input', signal },
        maxAnswerBytes,
      );
      return readEmbeddings(answer, countInputs(input), (what) => upstream.unreadable(what));
    });
  }
}

/** One text or the tokens of one text are one input. */
function countInputs(input: EmbeddingRequest['input']): number {
  return typeof input === 'string' || typeof input[0] === 'number' ? 1 : input.length;
}

/** Checks count, order and form. */
export function readEmbeddings(answer: unknown, inputs: number, unreadable: (what: string) => Error): EmbeddingResult {
  const { data, usage } = (answer ?? {}) as {
    data?: unknown;
    usage?: { prompt_tokens?: unknown; total_tokens?: unknown };
  };
  if (!Array.isArray(data) || data.length !== inputs) {
    throw unreadable(`sent ${Array.isArray(data) ? data.length : 'no'} embeddings for ${inputs} inputs`);
  }
  const vectors = new Array<readonly number[] | Float32Array>(inputs);
  for (const [place, entry] of data.entries()) {
    const vector = readVector(entry?.embedding);
    const index = typeof entry?.index === 'number' ? entry.index : place;
    if (!vector || !(index in data) || vectors[index]) throw unreadable('sent an embedding that cannot be read');
    vectors[index] = vector;
  }
  if (new Set(vectors.map((vector) => vector.length)).size !== 1)
    throw unreadable('sent embeddings of different lengths');
  return { vectors, promptTokens: readCount(usage?.prompt_tokens) ?? readCount(usage?.total_tokens) ?? 0 };
}

function readVector(value: unknown): readonly number[] | Float32Array | undefined {
  if (typeof value === 'string') return fromBase64(value);
  const isVector = Array.isArray(value) && value.length > 0 && value.every((number) => Number.isFinite(number));
  return isVector ? (value as number[]) : undefined;
}

/** Little-endian 32-bit floats. */
function fromBase64(text: string): Float32Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.length % 4 !== 0) return undefined;
  const vector = Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
  return vector.every((number) => Number.isFinite(number)) ? vector : undefined;
}

const readCount = (value: unknown) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
