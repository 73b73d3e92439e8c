// What must hold besides the tests, one line each. Everything runs even when something fails, so that one run shows all there
// is to mend.
import { spawnSync } from 'node:child_process';

const checks: [name: string, command: string, ...args: string[]][] = [
  ['lint and format', 'biome', 'check', '.'],
  ['contract unchanged after regeneration', 'node', 'scripts/contract-check.ts'],
  ['contract keeps its promises', 'node', 'openapi/compatibility/check-main.ts'],
  ['types', 'turbo', 'run', 'typecheck', '--output-logs=errors-only'],
  ['size of the client', 'turbo', 'run', 'size', '--output-logs=errors-only'],
  ['direction of imports', 'depcruise', '--config', '.dependency-cruiser.cjs', 'openapi', 'packages', 'apps'],
  ['dead code', 'knip', '--no-progress'],
];

const failed = checks.filter(([name, command, ...args]) => {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (status !== 0) console.log(`${stdout}${stderr}`.trim());
  return status !== 0;
});
process.exit(failed.length > 0 ? 1 : 0);
