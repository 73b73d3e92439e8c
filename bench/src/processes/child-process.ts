import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ChildOptions {
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Open a channel for messages. Default false. */
  readonly channel?: boolean;
  /** Where its errors go: a file descriptor, or nowhere. Default: this process's own. */
  readonly stderr?: number | 'ignore' | 'inherit';
}

export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  /** Resolves with nothing once it has ended. */
  readonly ended: Promise<[]>;
  /** The first line it prints. Throws when it ends without one. */
  firstLine(): Promise<string>;
  /** Asks it to end, and makes it end after 5 s. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts a Node process. Whoever starts it stops it; it is also stopped when this process exits. */
export function startChild(args: readonly string[], options: ChildOptions = {}): Child {
  const { env = {}, cwd, channel = false, stderr = 'inherit' } = options;
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['ignore', 'pipe', stderr, ...(channel ? (['ipc'] as const) : [])],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit').then((): [] => {
    process.off('exit', kill);
    return [];
  });
  return {
    pid: child.pid ?? 0,
    process: child,
    ended,
    firstLine: () => firstLine(child, ended),
    stop: () => stop(child, ended),
  };
}

async function firstLine(child: ChildProcess, ended: Promise<[]>): Promise<string> {
  if (!child.stdout) throw new Error('The process has no output to read.');
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line'), ended]);
  lines.close();
  child.stdout.resume(); // what it prints later must not fill the pipe
  if (line === undefined)
    throw new Error(`The process ended (${child.exitCode ?? child.signalCode}) before it was ready.`);
  return String(line);
}

async function stop(child: ChildProcess, ended: Promise<[]>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const tooLate = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(tooLate);
}
