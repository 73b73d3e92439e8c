import { isLibrary } from '../packages/manifest.ts';
import { repository } from '../repository.ts';
import { runCommand } from '../run-command.ts';
import type { Tarball } from './tarball.ts';

const options = { cwd: `${repository}/release`, env: { ...process.env, NO_COLOR: '1' } };

/** publint: what package.json promises is there, in the right format. Warnings count. */
export async function publint({ file }: Tarball): Promise<void> {
  await runCommand('pnpm', ['exec', 'publint', file, '--strict'], options);
}

/** Are the types wrong: what TypeScript finds for each entry is what Node runs. Packages without types have none to be wrong. */
export async function areTheTypesWrong({ file, manifest }: Tarball): Promise<void> {
  if (!isLibrary(manifest)) return;
  // Subpaths are none of Node 10's business, nor is require() that of a package of ES modules.
  const profile = isForRequire(manifest.exports?.['.']) ? 'node16' : 'esm-only';
  await runCommand('pnpm', ['exec', 'attw', file, '--profile', profile, '--no-color', '--no-emoji'], options);
}

const isForRequire = (entry: unknown): boolean => JSON.stringify(entry).includes('.cjs');
