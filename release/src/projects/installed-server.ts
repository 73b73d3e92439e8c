import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

export interface InstalledServer extends AsyncDisposable {
  /** What a consumer is told: the address and the key it printed. */
  readonly env: Readonly<{ ANURA_URL: string; ANURA_API_KEY: string }>;
}

/**
 * `npx anura serve` in a project that has the command installed; in a group of its own, since npx does not pass signals on.
 * It is killed when this process exits without having disposed of it.
 */
export async function startInstalledServer(folder: string, env: NodeJS.ProcessEnv): Promise<InstalledServer> {
  const args = ['anura', 'serve', '--json', '--port', '0', '--no-discover-ollama'];
  const child = spawn('npx', ['--no-install', ...args], { cwd: folder, env, detached: true });
  const kill = () => child.pid !== undefined && isThere(child.pid, 'SIGKILL');
  process.prependListener('exit', kill); // first of all, because its folder goes then too
  const stopAll = () => stop(child).finally(() => process.off('exit', kill));
  const told: string[] = [];
  child.stderr.on('data', (data: Buffer) => void told.push(data.toString()));
  try {
    const { url, key } = await firstLine(child, 60_000);
    return { env: { ANURA_URL: url, ANURA_API_KEY: key }, [Symbol.asyncDispose]: stopAll };
  } catch (cause) {
    await stopAll();
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

/** Ends the whole group and waits for it: npx ends before the server does. */
async function stop({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined) return;
  const killAfter = performance.now() + 20_000;
  for (let signal: NodeJS.Signals | 0 = 'SIGTERM'; isThere(pid, signal); signal = 0) {
    if (performance.now() > killAfter) isThere(pid, 'SIGKILL');
    await pause(50);
  }
}

/** Whether anything of the group is left to receive this signal; 0 only asks. */
function isThere(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}
