import type { ResourceOffer } from '../catalog/resource-offer.ts';
import type { ChatEngine } from './chat-engine.ts';
import type { EmbeddingEngine } from './embedding-engine.ts';
import type { ImageEngine } from './image-engine.ts';
import type { SpeechEngine } from './speech-engine.ts';
import type { VideoEngine } from './video-engine.ts';

/**
 * Someone who computes: an engine with a name and the models it offers now. A remote provider is just another
 * implementation.
 */
export interface Provider {
  /** Unique among providers, letters, digits, `-` and `_`. */
  readonly name: string;
  /** The kind of engine behind it, e.g. `llama` or `openai`. */
  readonly engine: string;
  readonly chat?: ChatEngine | undefined;
  readonly embeddings?: EmbeddingEngine | undefined;
  readonly images?: ImageEngine | undefined;
  readonly speech?: SpeechEngine | undefined;
  readonly videos?: VideoEngine | undefined;
  /** The offers as they stand now: cheap, no waiting, a fresh array whenever something changed. */
  offers(): readonly ResourceOffer[];
  /** Stops background work and frees what it holds; safe to call twice. The one who made the provider calls it. */
  close(): Promise<void>;
}
