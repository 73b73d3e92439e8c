import type { Context, Output } from '../context.ts';
import { printable } from './printable.ts';

/** The line on standard error; with `--json`, which programs ask for, there is none. */
export function progressLine({ stderr }: Pick<Context, 'stderr'>, { json }: { json?: boolean }): ProgressLine {
  return new ProgressLine(json ? undefined : stderr);
}

/** One line of progress: drawn over and over on a terminal, elsewhere written once a phase so that logs stay short. */
export class ProgressLine {
  readonly #output: Output | undefined;
  #phase: string | undefined;
  #drawn = false;

  /** @param output nothing is shown when absent */
  constructor(output: Output | undefined) {
    this.#output = output;
  }

  show(words: string, phase: string): void {
    if (!this.#output) return;
    const text = printable(words).replaceAll('\n', ' '); // a server's names are in it
    if (this.#output.isTTY) {
      this.#output.write(`\r\u001b[K${text.slice(0, (this.#output.columns || 80) - 1)}`);
      this.#drawn = true;
    } else if (phase !== this.#phase) this.#output.write(`${text}\n`);
    this.#phase = phase;
  }

  /** Takes the line away, for what is to stay. */
  clear(): void {
    if (this.#drawn) this.#output?.write('\r\u001b[K');
    this.#drawn = false;
  }
}
