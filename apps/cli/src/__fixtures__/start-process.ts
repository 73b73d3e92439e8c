import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const running = new Set<ChildProcess>();

export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments for Node itself. */
  readonly node?: readonly string[];
}

/** Starts the command as a process of its own, with an environment of its own and a channel to this one. */
export function startProcess(args: readonly string[], { env = {}, node = [] }: ProcessOptions = {}) {
  const child = spawn(process.execPath, [...node, main, ...args], { env, stdio: ['pipe', 'pipe', 'pipe', 'ipc'] });
  running.add(child);
  let output = '';
  let errors = '';
  child.stdout?.on('data', (data: Buffer) => {
    output += data.toString();
  });
  child.stderr?.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  const ended = endOf(child).then(({ code, signal }) => ({ code, signal, output, errors }));
  /** Resolves when this has been printed on standard output; rejects when the process ends without it. */
  const prints = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(output);
      if (found) return found[1] ?? found[0];
      const more = await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), ended]);
      if (!Array.isArray(more)) throw new Error(`It ended without ${pattern}: ${more.output}${more.errors}`);
    }
  };
  return { child, ended, prints };
}

/** `close` never comes after `disconnect`, so the end is the exit and the end of both outputs. */
async function endOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  const streams = [child.stdout, child.stderr].map((stream) => stream && finished(stream).catch(() => undefined));
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  await Promise.all(streams);
  running.delete(child);
  return { code, signal };
}

/** For `afterEach`: nothing outlives its test. */
export function killProcesses(): void {
  for (const child of running) child.kill('SIGKILL');
}
