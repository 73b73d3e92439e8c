import type { EmbeddingRequest } from '@anura/openapi';
import type { EngineCall } from './engine-call.ts';

export interface EmbeddingResult {
  /** One vector per input, in the order of the inputs. */
  readonly vectors: readonly (readonly number[] | Float32Array)[];
  readonly promptTokens: number;
}

/** Turns texts into vectors. Encoding (`float`, `base64`) is the gateway's business. */
export interface EmbeddingEngine {
  embed(request: EmbeddingRequest, call: EngineCall): Promise<EmbeddingResult>;
}
