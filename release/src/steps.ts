/** What a step throws when this machine cannot do it: said plainly, and no failure unless skipping is not allowed. */
export class Skipped extends Error {}

export interface StepsOptions {
  readonly print: (line: string) => void;
  /** A skipped step counts as failed, as CI wants it. Default false. */
  readonly skipFails?: boolean;
}

/** Runs steps one after the other and prints a line for each, so that one run shows all there is to mend. */
export class Steps {
  readonly #print: StepsOptions['print'];
  readonly #skipFails: boolean;
  passed = 0;
  failed = 0;
  skipped = 0;

  constructor({ print, skipFails = false }: StepsOptions) {
    this.#print = print;
    this.#skipFails = skipFails;
  }

  /**
   * A text that `work` resolves to stands behind the name; undefined is returned where it failed or was skipped. An `optional`
   * step may be skipped anywhere.
   */
  async run<T>(name: string, work: () => Promise<T>, { optional = false } = {}): Promise<T | undefined> {
    const startedAt = performance.now();
    const line = (word: string) => `${word} ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`;
    try {
      const result = await work();
      this.#print(`${line('ok    ')}${typeof result === 'string' ? `: ${result}` : ''}`);
      this.passed += 1;
      return result;
    } catch (error) {
      this.#note(error, { name, line: line('FAILED'), optional });
      return undefined;
    }
  }

  /** As `run`, for a step without which nothing else makes sense: what it throws ends the run. */
  async require<T>(name: string, work: () => Promise<T>): Promise<T> {
    const done = await this.run(name, async () => {
      const result = await work();
      return typeof result === 'string' ? result : { result };
    });
    if (done === undefined) throw new CannotGoOn(`nothing else can be checked without: ${name}`);
    return (typeof done === 'string' ? done : done.result) as T;
  }

  #note(error: unknown, { name, line, optional }: { name: string; line: string; optional: boolean }): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof Skipped) {
      this.skipped += 1;
      this.#print(`skipped: ${name}: ${reason}`);
      if (this.#skipFails && !optional) this.failed += 1;
      return;
    }
    this.failed += 1;
    this.#print(`${line}\n${reason.trim().replaceAll(/^/gm, '  ')}`);
  }
}

/** The step that failed has been told already. */
export class CannotGoOn extends Error {}
