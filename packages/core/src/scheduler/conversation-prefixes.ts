/** The beginning of a conversation, up to and including one message. */
export interface ConversationPrefix {
  /** Equal beginnings have equal hashes. 53 bits, not cryptographic: a collision costs a detour, nothing else. */
  readonly hash: number;
  /** Estimated size of this beginning, tokens. */
  readonly tokens: number;
  /** Whether an answer comes next, so that this very beginning was a request before. */
  readonly answered: boolean;
}

/** One turn of an agent adds a few messages; looking this far back finds the request before it. */
const longestLookBack = 32;
const hashedWholeUpToCharacters = 8192;
const charactersPerToken = 4;
/** An image counts like a text of this length (about 500 tokens), not by its bytes. */
const charactersPerImage = 2000;
/** Deeper than any message of the contract; a caller's unknown fields may nest without end. */
const deepestLevel = 8;

/**
 * The beginnings of a conversation, shortest first: the first message (usually the system prompt), then the last 32.
 * Pure; costs about 2 µs per 1000 characters, of long texts and images only both ends are read.
 */
export function conversationPrefixes(messages: readonly { readonly role: string }[]): ConversationPrefix[] {
  const prefixes: ConversationPrefix[] = [];
  const hash = new ChainHash();
  messages.forEach((message, index) => {
    hash.addValue(message);
    if (index > 0 && index < messages.length - longestLookBack) return;
    const tokens = Math.ceil(hash.characters / charactersPerToken);
    prefixes.push({ hash: hash.value(), tokens, answered: isAnswer(messages[index + 1]) });
  });
  return prefixes;
}

const isAnswer = (message: { readonly role: string } | undefined): boolean =>
  message?.role === 'assistant' || message?.role === 'ai';

/** cyrb53, fed piece by piece, so that each beginning's hash continues the one before. */
class ChainHash {
  characters = 0;
  #high = 0xdeadbeef;
  #low = 0x41c6ce57;

  addValue(value: unknown, level = 0): void {
    if (typeof value === 'string') this.#addText(value);
    else if (typeof value !== 'object' || value === null) this.#mixText(String(value));
    else if (level < deepestLevel) this.#addParts(value, level);
  }

  value(): number {
    let high = Math.imul(this.#high ^ (this.#high >>> 16), 2246822507);
    high ^= Math.imul(this.#low ^ (this.#low >>> 13), 3266489909);
    let low = Math.imul(this.#low ^ (this.#low >>> 16), 2246822507);
    low ^= Math.imul(this.#high ^ (this.#high >>> 13), 3266489909);
    return 4294967296 * (2097151 & low) + (high >>> 0);
  }

  #addParts(value: object, level: number): void {
    for (const [name, part] of Object.entries(value)) {
      this.#mixText(name);
      this.addValue(part, level + 1);
    }
    this.#mix(0x1f);
  }

  #addText(text: string): void {
    this.characters += text.startsWith('data:') ? Math.min(text.length, charactersPerImage) : text.length;
    this.#mix(text.length);
    const half = hashedWholeUpToCharacters / 2;
    const long = text.length > hashedWholeUpToCharacters;
    this.#mixText(long ? text.slice(0, half) + text.slice(-half) : text);
  }

  #mixText(text: string): void {
    // On local numbers: several times as fast as on the fields.
    let [high, low] = [this.#high, this.#low];
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      high = Math.imul(high ^ code, 2654435761);
      low = Math.imul(low ^ code, 1597334677);
    }
    this.#high = high;
    this.#low = low;
    this.#mix(0x1e);
  }

  #mix(code: number): void {
    this.#high = Math.imul(this.#high ^ code, 2654435761);
    this.#low = Math.imul(this.#low ^ code, 1597334677);
  }
}
