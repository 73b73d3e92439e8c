import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { UserIds } from './user-ids.ts';

export interface ServerOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** What it prints, on either output, once it answers. */
  readonly readyLine: string;
  /** Asks it to end at once, its clients' connections too. */
  readonly stopSignal: NodeJS.Signals;
  /** Default: this process's own user. */
  readonly user?: UserIds | undefined;
}

/** A database server on a loopback port. */
export interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

const patienceMs = 30_000;

/** Starts a server and waits until it says that it is ready. Whoever starts it stops it; it is also stopped when this process exits. */
export async function startServer(port: number, options: ServerOptions): Promise<Server> {
  const { command, args, cwd, readyLine, stopSignal, user } = options;
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], ...user });
  const end = () => child.kill(stopSignal);
  process.once('exit', end);
  const ended = once(child, 'exit').finally(() => process.off('exit', end));
  const stop = async () => {
    end();
    await ended;
  };
  try {
    await untilPrints(child, readyLine, ended);
  } catch (error) {
    end();
    throw error;
  }
  return { port, stop };
}

/** Reads both outputs to their end, so that what it prints later does not fill the pipes. */
async function untilPrints(child: ChildProcess, text: string, ended: Promise<unknown>): Promise<void> {
  const printed: string[] = [];
  const ready = new Promise<void>((resolve) => {
    for (const input of [child.stdout, child.stderr]) {
      if (!input) continue;
      createInterface({ input }).on('line', (line) => {
        if (printed.length < 20) printed.push(line);
        if (line.includes(text)) resolve();
      });
    }
  });
  const patience = new AbortController();
  const failed = Promise.race([ended, wait(patienceMs, undefined, { signal: patience.signal, ref: false })]).then(
    () => {
      throw new Error(`${child.spawnfile} did not become ready: ${printed.join('\n')}`);
    },
  );
  failed.catch(() => {}); // it also settles later, when the server is stopped
  try {
    await Promise.race([ready, failed]);
  } finally {
    patience.abort();
  }
}
