import type { Output } from '../context.ts';

/** One line of progress: drawn over and over on a terminal, elsewhere written once a phase so that logs stay short. */
export class ProgressLine {
  readonly #output: Output;
  #phase: string | undefined;
  #drawn = false;

  constructor(output: Output) {
    this.#output = output;
  }

  show(text: string, phase: string): void {
    if (this.#output.isTTY) {
      this.#output.write(`\r\u001b[K${text.slice(0, (this.#output.columns ?? 80) - 1)}`);
      this.#drawn = true;
    } else if (phase !== this.#phase) this.#output.write(`${text}\n`);
    this.#phase = phase;
  }

  /** Takes the line away, for what is to stay. */
  clear(): void {
    if (this.#drawn) this.#output.write('\r\u001b[K');
    this.#drawn = false;
  }
}
