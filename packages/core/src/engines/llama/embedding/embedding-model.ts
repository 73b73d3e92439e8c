import type { LlamaEmbeddingContext, LlamaModel, Token } from '@anura/node-llama-cpp';
import type { ModelFile } from '../library/model-file.ts';
import type { LlamaRuntime } from '../runtime/llama-runtime.ts';
import type { ModelPlan } from '../runtime/model-plan.ts';
import { normalize } from './normalize.ts';

/** An embedding model in memory. */
export class EmbeddingModel {
  readonly file: ModelFile;
  readonly model: LlamaModel;
  /** Tokens of the longest input. */
  readonly longestInput: number;
  readonly vocabularySize: number;
  readonly #context: LlamaEmbeddingContext;

  private constructor(file: ModelFile, model: LlamaModel, context: LlamaEmbeddingContext, contextLength: number) {
    this.file = file;
    this.model = model;
    this.longestInput = contextLength - 1;
    this.vocabularySize = model.fileInfo.metadata.tokenizer.ggml.tokens.length;
    this.#context = context;
  }

  static async load(
    file: ModelFile,
    { contextLength, threads }: ModelPlan,
    runtime: LlamaRuntime,
    signal: AbortSignal,
  ): Promise<EmbeddingModel> {
    const model = await runtime.llama.loadModel({ modelPath: file.path, loadSignal: signal });
    try {
      // Pooling needs the whole input in one batch.
      const options = { contextSize: contextLength, batchSize: contextLength, threads, createSignal: signal };
      return new EmbeddingModel(file, model, await model.createEmbeddingContext(options), contextLength);
    } catch (error) {
      await model.dispose();
      throw error;
    }
  }

  /** The tokens of a text as the model takes it, marks at its ends included. */
  tokenize(input: string | readonly Token[]): Token[] {
    const tokens = typeof input === 'string' ? this.model.tokenize(input) : [...input];
    const { bos, eos, shouldPrependBosToken, shouldAppendEosToken } = this.model.tokens;
    if (shouldPrependBosToken && bos !== null && tokens[0] !== bos) tokens.unshift(bos);
    if (shouldAppendEosToken && eos !== null && tokens.at(-1) !== eos) tokens.push(eos);
    return tokens;
  }

  /** A vector of length 1, pooled as the GGUF says. Calls at the same time are worked off one after the other. */
  async embed(tokens: readonly Token[]): Promise<Float32Array> {
    const { vector } = await this.#context.getEmbeddingFor([...tokens]);
    return normalize(vector);
  }

  /** Frees weights and context. Nothing may be embedding. */
  async dispose(): Promise<void> {
    await this.model.dispose();
  }
}
