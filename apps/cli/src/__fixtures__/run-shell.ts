import { execFile } from 'node:child_process';

/** What a shell prints on standard output. @param env all it finds in its environment */
export function runShell(shell: string, args: readonly string[], env: Record<string, string>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(shell, args, { env, timeout: 20_000 }, (error, stdout, stderr) =>
    error ? reject(new Error(stderr || error.message)) : resolve(stdout),
  );
  return promise;
}
