import type { Capability, Modality } from '@anura/openapi';

/**
 * A resource offer: one model at one provider, what it can do and how it stands now. Offers are plain data, replaced whole
 * when the picture changes.
 */
export interface ResourceOffer {
  /** `provider/model`, unique. */
  readonly id: string;
  readonly provider: string;
  /** The kind of engine that runs it there, e.g. `llama`. */
  readonly engine: string;
  /** The name callers use. */
  readonly model: string;
  readonly modality: Modality;
  readonly capabilities: readonly Capability[];
  /** Tokens of prompt and answer together; absent when the provider does not say. */
  readonly contextLength?: number;
  /** How many requests it works on at the same time. */
  readonly slots: number;
  /** Offers of one group share their slots, e.g. all models of one box; each says the slots of all together. Default: its own. */
  readonly slotGroup?: string;
  /** `cold` loads on first use, `loading` is doing so, `loaded` answers at once. */
  readonly state: 'cold' | 'loading' | 'loaded';
  /** Relative cost of a request; ties go to the cheaper. Default 0. */
  readonly price?: number;
  /** Measured or announced speeds, tokens per second. */
  readonly prefillTokensPerSecond?: number;
  readonly decodeTokensPerSecond?: number;
  /** Expected time to load a cold model, milliseconds. */
  readonly loadMs?: number;
  /** Size of the weights in memory, bytes. */
  readonly sizeBytes?: number;
  /** Limits and words for the model list. */
  readonly details?: ModelDetails;
}

/** What the model list says about a model beyond its capabilities. */
export interface ModelDetails {
  readonly ownedBy?: string;
  readonly description?: string;
  /** Unix seconds. */
  readonly created?: number;
  /** Embedding dimensions. */
  readonly dimensions?: number;
  /** Largest image a vision model takes or an image model makes, pixels. */
  readonly maxImagePixels?: { readonly width: number; readonly height: number };
  readonly maxInputCharacters?: number;
  readonly voices?: readonly string[];
}
