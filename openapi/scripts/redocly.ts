import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * Runs Redocly's command line in openapi/, without its usage reports and update notices, for there may be no network. It
 * talks only when it fails, and then throws.
 */
export function redocly(...args: string[]): void {
  const packageFile = createRequire(import.meta.url).resolve('@redocly/cli/package.json');
  const result = spawnSync(process.execPath, [join(dirname(packageFile), 'bin', 'cli.js'), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
  if (result.status === 0) return;
  console.error(result.stdout + result.stderr);
  throw new Error(`redocly ${args[0]} failed (exit ${result.status})`, { cause: result.error });
}
