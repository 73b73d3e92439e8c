const fence = '"""';

/**
 * Puts lines together to messages. A line that ends in `\` goes on in the next one; `"""` begins a message of many lines
 * and ends it.
 */
export class MessageReader {
  #lines: string[] = [];
  #fenced = false;

  /** True while a message has begun and not ended. */
  get isOpen(): boolean {
    return this.#fenced || this.#lines.length > 0;
  }

  /** The message this line completes, or undefined when there is more to come. */
  add(line: string): string | undefined {
    if (this.#fenced) return this.#addFenced(line);
    if (!this.isOpen && line.trimStart().startsWith(fence)) {
      this.#fenced = true;
      return this.#addFenced(line.trimStart().slice(fence.length));
    }
    const goesOn = line.endsWith('\\');
    this.#lines.push(goesOn ? line.slice(0, -1) : line);
    return goesOn ? undefined : this.#take();
  }

  /** Throws away what was begun. */
  reset(): void {
    this.#lines = [];
    this.#fenced = false;
  }

  #addFenced(line: string): string | undefined {
    const end = line.indexOf(fence);
    this.#lines.push(end < 0 ? line : line.slice(0, end));
    return end < 0 ? undefined : this.#take();
  }

  #take(): string {
    const message = this.#lines.join('\n').trim();
    this.reset();
    return message;
  }
}
