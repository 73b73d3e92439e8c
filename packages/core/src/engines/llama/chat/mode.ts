import type { LlamaGrammar } from '@anura/node-llama-cpp';
import type { ChatDelta } from '@anura/openapi';
import type { FinishReason } from './answer.ts';

/** What a piece of text meant. */
export interface ModeResult {
  readonly delta?: ChatDelta;
  /** The answer is over. */
  readonly finish?: FinishReason;
  /** The answer goes on in another mode. */
  readonly next?: AnswerMode;
  /** How many characters at the end of the piece the next mode must not see as written. */
  readonly unread?: number;
  /** Text to put into the model's mouth before it goes on. */
  readonly insert?: string;
}

/** How text is read at one stage of an answer. */
export interface AnswerMode {
  readonly kind: 'thought' | 'content' | 'call';
  /** What the tokens of this mode must follow. */
  readonly grammar: LlamaGrammar | undefined;
  read(piece: string): ModeResult;
  /** No more text comes. Says how the answer really ended, and the last words. */
  close(reason: FinishReason): { delta?: ChatDelta; finish: FinishReason };
}
