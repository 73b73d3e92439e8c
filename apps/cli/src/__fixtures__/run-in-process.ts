import { PassThrough, Readable } from 'node:stream';
import type { Context, Input } from '../context.ts';
import { runCommand } from '../run.ts';

export interface RunOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** The user's home folder; one that is not there when absent. */
  readonly home?: string;
  /** What is piped in; a terminal when absent. */
  readonly piped?: string;
  /** What somebody types at the terminal: each text once its question has been asked. */
  readonly typed?: Readonly<Record<string, string>>;
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
    stdin: options.piped === undefined ? terminalInput(stderr.stream, options.typed) : Readable.from([options.piped]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: options.signal ?? new AbortController().signal,
  };
  const exitCode = await runCommand(args, context);
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function terminalInput(asked: PassThrough, typed: Readonly<Record<string, string>> = {}): Input {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const open = new Map(Object.entries(typed));
  asked.on('data', (data: Buffer) => {
    for (const [question, text] of open) {
      if (!data.toString().includes(question)) continue;
      open.delete(question);
      setImmediate(() => input.write(text));
    }
  });
  return input;
}

export function collector(): { stream: PassThrough; text: () => string } {
  const chunks: string[] = [];
  const stream = new PassThrough();
  Object.assign(stream, { end: () => stream }); // nobody ends the process's own outputs either, though prompts try
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return { stream, text: () => chunks.join('') };
}
