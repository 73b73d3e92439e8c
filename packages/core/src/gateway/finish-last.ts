import type { ChatEngineChunk } from '../engines/chat-engine.ts';

/**
 * Keeps the piece that ends the answer back until the engine is through: many upstreams send the finish reason first and
 * the usage after it, without choices, while our last chunk carries both and no chunk is without choices.
 */
export class FinishLast {
  #held: ChatEngineChunk | undefined;

  /** What may go out now, if anything. */
  add(piece: ChatEngineChunk): ChatEngineChunk | undefined {
    if (piece.choices.length === 0) return undefined;
    if (!piece.choices.some((choice) => choice.finish_reason)) return withoutUsage(piece);
    const ready = this.#held;
    this.#held = piece;
    return ready && withoutUsage(ready);
  }

  /** The piece that ends the answer; undefined when none came. */
  take(): ChatEngineChunk | undefined {
    return this.#held;
  }
}

/** Usage before the end would be added up by clients that sum chunks. */
const withoutUsage = ({ choices }: ChatEngineChunk): ChatEngineChunk => ({ choices });
