import { PassThrough, Readable } from 'node:stream';
import type { Context, Input, Output } from '../context.ts';
import { runCommand } from '../run.ts';

export interface RunOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** The user's home folder; one that is not there when absent. */
  readonly home?: string;
  /** What is piped in; a terminal without anything typed when absent. */
  readonly piped?: string;
  readonly signal?: AbortSignal;
}

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, away from the machine's own environment. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const stdout = collector();
  const stderr = collector();
  const context: Context = {
    env: options.env ?? {},
    cwd: options.cwd ?? '/nowhere',
    home: options.home ?? '/home/frog',
    stdin: options.piped === undefined ? terminalInput() : Readable.from([options.piped]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: options.signal ?? new AbortController().signal,
  };
  const exitCode = await runCommand(args, context);
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function terminalInput(): Input {
  return Object.assign(new PassThrough(), { isTTY: true });
}

export function collector(): { stream: Output; text: () => string } {
  const chunks: string[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return { stream, text: () => chunks.join('') };
}
