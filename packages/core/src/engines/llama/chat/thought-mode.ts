import type { ChatDelta } from '@anura/openapi';
import { PatternScanner } from '../output/pattern-scanner.ts';
import type { FinishReason } from './answer.ts';
import type { AnswerMode, ModeResult } from './mode.ts';

/** How the answer goes on once the thought is over. */
export type AfterThought = { readonly next: AnswerMode; readonly insert?: string };

/** The thinking of a reasoning model, up to its closing tag. */
export class ThoughtMode implements AnswerMode {
  readonly kind = 'thought';
  readonly grammar = undefined;
  readonly #scanner: PatternScanner;
  readonly #after: () => AfterThought;

  constructor(suffix: string, after: () => AfterThought) {
    this.#scanner = new PatternScanner([suffix]);
    this.#after = after;
  }

  read(piece: string): ModeResult {
    const { text, match } = this.#scanner.push(piece);
    const delta = thought(text);
    return match === undefined ? delta : { ...delta, ...this.#after(), unread: match.after.length };
  }

  close(reason: FinishReason): { delta?: ChatDelta; finish: FinishReason } {
    return { ...thought(this.#scanner.flush()), finish: reason };
  }
}

function thought(text: string): { delta?: ChatDelta } {
  return text === '' ? {} : { delta: { reasoning_content: text } };
}
