import type { Token } from '@anura/node-llama-cpp';
import type { EmbeddingRequest } from '@anura/openapi';
import { GatewayError } from '../../../errors/gateway-error.ts';
import type { EmbeddingEngine, EmbeddingResult } from '../../embedding-engine.ts';
import type { EngineCall } from '../../engine-call.ts';
import type { Lease } from '../runtime/model-manager.ts';
import { type EmbeddingInput, readInputs } from './embedding-inputs.ts';
import type { EmbeddingModel } from './embedding-model.ts';

interface LlamaEmbeddingEngineOptions {
  /** The named embedding model, loaded. */
  use(model: string, signal: AbortSignal): Promise<Lease<EmbeddingModel>>;
}

/** Embeddings from GGUF models inside this process: pooled as the model says, scaled to length 1. */
export class LlamaEmbeddingEngine implements EmbeddingEngine {
  readonly #options: LlamaEmbeddingEngineOptions;

  constructor(options: LlamaEmbeddingEngineOptions) {
    this.#options = options;
  }

  async embed(request: EmbeddingRequest, { offer, signal }: EngineCall): Promise<EmbeddingResult> {
    const inputs = readInputs(request.input);
    const lease = await this.#options.use(offer.model, signal);
    try {
      return await embedAll(lease.model, request, inputs, signal);
    } finally {
      lease.release();
    }
  }
}

async function embedAll(
  model: EmbeddingModel,
  { dimensions }: EmbeddingRequest,
  inputs: readonly EmbeddingInput[],
  signal: AbortSignal,
): Promise<EmbeddingResult> {
  refuseOtherDimensions(model, dimensions);
  const tokenized = inputs.map((input) => tokenize(model, input));
  const vectors: Float32Array[] = [];
  for (const tokens of tokenized) {
    signal.throwIfAborted();
    vectors.push(await model.embed(tokens));
  }
  return { vectors, promptTokens: tokenized.reduce((sum, tokens) => sum + tokens.length, 0) };
}

function tokenize(model: EmbeddingModel, { input, param }: EmbeddingInput): readonly Token[] {
  if (typeof input !== 'string') refuseUnknownTokens(model, input, param);
  const tokens = model.tokenize(input);
  if (tokens.length <= model.longestInput) return tokens;
  throw new GatewayError(
    'invalid-request',
    `The model ${model.file.name} takes inputs of at most ${model.longestInput} tokens; this one has ${tokens.length}.`,
    { param, openaiCode: 'context_length_exceeded' },
  );
}

/** The native library ends the process on a token it does not have. */
function refuseUnknownTokens(model: EmbeddingModel, tokens: readonly Token[], param: string): void {
  const unknown = tokens.find((token) => token < 0 || token >= model.vocabularySize);
  if (unknown === undefined) return;
  const last = model.vocabularySize - 1;
  throw new GatewayError('invalid-request', `This model has no token ${unknown}; its ids end at ${last}.`, { param });
}

/** A vector may only be shortened when the model was trained for it, which a GGUF does not say. */
function refuseOtherDimensions(model: EmbeddingModel, dimensions: number | null | undefined): void {
  const own = model.file.embeddingLength;
  if (dimensions === undefined || dimensions === null || dimensions === own) return;
  throw new GatewayError(
    'invalid-request',
    `The model ${model.file.name} gives vectors of ${own} dimensions; it cannot give ${dimensions}.`,
    { param: 'dimensions' },
  );
}
