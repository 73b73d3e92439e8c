/** What one piece of text came to: text that is certainly none of the patterns, and the pattern that ended it. */
interface ScanResult {
  readonly text: string;
  readonly match?: {
    /** Index of the pattern found. */
    readonly pattern: number;
    /** What came after it. */
    readonly after: string;
  };
}

/**
 * Finds texts that may be spread over several pieces, and keeps back only what could still become one of them.
 *
 * The match that is complete first wins, then the longer one. So the result does not depend on where the pieces were cut.
 */
export class PatternScanner {
  readonly #patterns: readonly string[];
  #held = '';

  constructor(patterns: readonly string[]) {
    this.#patterns = patterns;
  }

  push(piece: string): ScanResult {
    if (this.#patterns.length === 0) return { text: piece };
    const buffer = this.#held + piece;
    const found = this.#findFirst(buffer);
    if (found === undefined) {
      const keep = this.#longestBeginning(buffer);
      this.#held = keep === 0 ? '' : buffer.slice(-keep);
      return { text: keep === 0 ? buffer : buffer.slice(0, -keep) };
    }
    this.#held = '';
    const end = found.start + (this.#patterns[found.pattern]?.length ?? 0);
    return { text: buffer.slice(0, found.start), match: { pattern: found.pattern, after: buffer.slice(end) } };
  }

  /** No more text comes: what was kept back is ordinary text after all. */
  flush(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }

  #findFirst(buffer: string): { pattern: number; start: number } | undefined {
    let first: { pattern: number; start: number; end: number } | undefined;
    for (const [pattern, text] of this.#patterns.entries()) {
      const start = buffer.indexOf(text);
      if (start < 0) continue;
      const end = start + text.length;
      if (first === undefined || end < first.end || (end === first.end && start < first.start)) {
        first = { pattern, start, end };
      }
    }
    return first;
  }

  /** Length of the longest end of `buffer` that a pattern begins with. */
  #longestBeginning(buffer: string): number {
    let longest = 0;
    for (const pattern of this.#patterns) {
      for (let length = Math.min(pattern.length - 1, buffer.length); length > longest; length--) {
        if (buffer.endsWith(pattern.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
