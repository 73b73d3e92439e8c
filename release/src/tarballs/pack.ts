import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../packages/manifest.ts';
import type { PublishablePackage } from '../packages/publishable-packages.ts';
import { runCommand } from '../run-command.ts';
import type { Tarball } from './tarball.ts';

/** Packs a package into a folder of its own below `folder`, as `pnpm publish` would. */
export async function pack(one: PublishablePackage, folder: string): Promise<Tarball> {
  const place = join(folder, one.manifest.name.replace('@', '').replace('/', '-'));
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true });
  const options = { cwd: one.folder, env: process.env };
  await runCommand('pnpm', ['pack', '--pack-destination', place], options);
  const [name] = readdirSync(place).filter((entry) => entry.endsWith('.tgz'));
  if (name === undefined) throw new Error(`pnpm pack left no tarball for ${one.manifest.name}`);
  const file = join(place, name);
  await runCommand('tar', ['xf', file, '-C', place], options);
  const packed = join(place, 'package');
  const readme = join(packed, 'README.md');
  return {
    directory: one.directory,
    readme: existsSync(readme) ? readFileSync(readme, 'utf8') : '',
    manifest: JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as Manifest,
    file,
    sizeBytes: statSync(file).size,
    entries: readdirSync(packed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(packed.length + 1))
      .sort(),
  };
}
