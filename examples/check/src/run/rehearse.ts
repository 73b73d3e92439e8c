import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repository } from '../repository.ts';
import { type CommandResult, runCommand } from './run-command.ts';

/** The programs that our pages call; another one fails a rehearsal, and somebody has to think. */
const programs = ['anura', 'fake-upstream', 'npm', 'npx', 'pnpm', 'node', 'python3', 'openssl', 'cp', 'apt-get', 'git'];

/**
 * Lets bash run a script in which every program only looks at what it was asked for, see `parseCommand`. Nothing is
 * started, fetched or written.
 *
 * @param home The folder the script is written for. It runs in an empty one with the same folders in it.
 */
export async function rehearse(script: string, home: string): Promise<CommandResult> {
  const stage = mkdtempSync(join(tmpdir(), 'anura-rehearsal-'));
  try {
    const folder = join(stage, 'home');
    for (const name of foldersIn(home)) mkdirSync(join(folder, name), { recursive: true });
    for (const program of programs) writeStandIn(join(stage, 'bin', program), program);
    writeStandIn(join(folder, ownPnpm()), 'pnpm');
    writeStandIn(join(folder, '.ci/run'), '.ci/run');
    return await runCommand('/bin/bash', ['-euo', 'pipefail', '-c', script], {
      cwd: folder,
      env: { PATH: join(stage, 'bin'), REHEARSED_FOLDER: home, STAGE_FOLDER: folder },
    });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Two levels of them, which is as far as our pages go. */
function foldersIn(home: string): string[] {
  const entries = globSync(['*', '*/*'], {
    cwd: home,
    withFileTypes: true,
    exclude: ['node_modules', '*/node_modules'],
  });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => relative(home, join(entry.parentPath, entry.name)));
}

function writeStandIn(file: string, program: string): void {
  const understudy = fileURLToPath(import.meta.resolve('./understudy.ts'));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${understudy}" ${program} "$@"\n`);
  chmodSync(file, 0o755);
}

/** Where `npm start` puts the pnpm of the repository. */
function ownPnpm(): string {
  const { devEngines } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  return `.tools/pnpm-${devEngines.packageManager.version}/node_modules/.bin/pnpm`;
}
