import type { Readable } from 'node:stream';

/** What a command may touch of the world around it. `run.ts` makes it from the process, tests from what they like. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The user's home folder; empty when there is none. */
  readonly home: string;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by the first Ctrl-C or stop signal; the second ends the process. */
  readonly signal: AbortSignal;
}

export type Input = Readable & { isTTY?: boolean };
export type Output = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

/** One line, or several. */
export function printLine(output: Output, text = ''): void {
  output.write(`${text}\n`);
}

export function printJson(output: Output, value: unknown): void {
  printLine(output, JSON.stringify(value, null, 2));
}

/** A remark that is not the answer. Programs, which asked for `--json`, get it as one line of JSON. */
export function printWarning({ stderr }: Pick<Context, 'stderr'>, warning: string, { json }: { json?: boolean }): void {
  printLine(stderr, json ? JSON.stringify({ warning }) : `warning: ${warning}`);
}
