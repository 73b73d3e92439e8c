import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface InstalledServer extends AsyncDisposable {
  /** What a consumer is told: the address and the key it printed. */
  readonly env: Readonly<{ ANURA_URL: string; ANURA_API_KEY: string }>;
}

/** `npx anura serve` in a project that has the command installed; in a group of its own, since npx does not pass signals on. */
export async function startInstalledServer(folder: string, env: NodeJS.ProcessEnv): Promise<InstalledServer> {
  const args = ['anura', 'serve', '--json', '--port', '0', '--no-discover-ollama'];
  const child = spawn('npx', ['--no-install', ...args], { cwd: folder, env, detached: true });
  const told: string[] = [];
  child.stderr.on('data', (data: Buffer) => void told.push(data.toString()));
  try {
    const { url, key } = await firstLine(child, 60_000);
    return { env: { ANURA_URL: url, ANURA_API_KEY: key }, [Symbol.asyncDispose]: () => stop(child) };
  } catch (cause) {
    await stop(child);
    throw new Error(`npx ${args.join(' ')} did not begin to listen\n${told.join('').slice(-4000)}`, { cause });
  }
}

async function firstLine(child: ChildProcess, timeoutMs: number): Promise<{ url: string; key: string }> {
  if (child.stdout === null) throw new Error('it has no output');
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('it ended')));
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line', { signal: AbortSignal.timeout(timeoutMs) }), ended]);
  return JSON.parse(String(line)) as { url: string; key: string };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  const tooLong = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), 20_000);
  await ended;
  clearTimeout(tooLong);
}
