import type { Capability, Modality } from '@anura/openapi';
import type { ConversationPrefix } from './conversation-prefixes.ts';

/** A job offer: what one request needs from whoever runs it. It never holds the request itself. */
export interface JobOffer {
  readonly id: string;
  /** Whose request it is: queueing is fair between keys. */
  readonly keyId: string;
  /** The key's share of a busy machine relative to other keys. Default 1. */
  readonly weight?: number;
  /** Higher goes first, within bounds (see `FairQueue`). Set by the operator, never taken from the caller. Default 0. */
  readonly priority?: number;
  /** The model or alias asked for. */
  readonly model: string;
  readonly modality: Modality;
  readonly needs: JobNeeds;
  /** Estimated size of the prompt, tokens. */
  readonly promptTokens: number;
  /** Most tokens the answer may have, when the request says. */
  readonly maxTokens?: number;
  /** Beginnings of the conversation, shortest first; finds the provider that still has it in its KV cache. */
  readonly conversation?: readonly ConversationPrefix[];
}

/** What an offer must have to be able to run the job at all. */
export interface JobNeeds {
  readonly capabilities: readonly Capability[];
  /** Tokens of context the job cannot do without: the prompt and a little of an answer. */
  readonly contextTokens?: number;
}
