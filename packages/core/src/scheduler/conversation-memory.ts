import type { ConversationPrefix } from './conversation-prefixes.ts';

/**
 * Which conversations an offer has probably still in its KV cache: the last few it worked on, the oldest forgotten first.
 */
export class ConversationMemory {
  readonly #hashes = new Set<number>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Keeps the whole conversation and its first message, which others with the same system prompt share. */
  remember(conversation: readonly ConversationPrefix[]): void {
    const first = conversation[0];
    const whole = conversation.at(-1);
    if (first) this.#touch(first.hash);
    if (whole && whole !== first) this.#touch(whole.hash);
  }

  /** The longest beginning that is remembered. */
  longestKnown(conversation: readonly ConversationPrefix[]): ConversationPrefix | undefined {
    if (this.#hashes.size === 0) return undefined;
    return conversation.findLast((prefix) => this.#hashes.has(prefix.hash));
  }

  #touch(hash: number): void {
    this.#hashes.delete(hash);
    this.#hashes.add(hash);
    const [oldest] = this.#hashes;
    if (this.#hashes.size > this.#capacity && oldest !== undefined) this.#hashes.delete(oldest);
  }
}
