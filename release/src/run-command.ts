import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Default 5 minutes. */
  readonly timeoutMs?: number;
}

/** Runs a command to its end, without input, and resolves to all it printed. Throws with that when it fails. */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { cwd, env, timeoutMs = 300_000 } = options;
  const { code, output } = await new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
  if (code === 0) return output;
  const how = code === null ? `did not end within ${timeoutMs / 1000} s` : `ended with ${code}`;
  throw new Error(`${command} ${args.join(' ')} in ${cwd} ${how}\n${output.trim().slice(-4000)}`);
}
