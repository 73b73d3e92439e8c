import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from '../repository.ts';
import type { Manifest } from './manifest.ts';

/** A package of this repository that a registry gets. */
export interface PublishablePackage {
  /** From the root of the repository, e.g. `packages/core`. */
  readonly directory: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every package that is not private, as `pnpm publish -r` sees it. */
export function publishablePackages(): PublishablePackage[] {
  const manifests = globSync(workspaceGlobs(), { cwd: repository, exclude: (path) => path.includes('node_modules') });
  return manifests
    .sort()
    .map((file) => ({
      directory: dirname(file),
      folder: join(repository, dirname(file)),
      manifest: JSON.parse(readFileSync(join(repository, file), 'utf8')) as Manifest,
    }))
    .filter(({ manifest }) => !manifest.private);
}

function workspaceGlobs(): string[] {
  const [, list = ''] = /^packages:\n((?: +- .+\n)+)/m.exec(workspaceFile()) ?? [];
  return [...list.matchAll(/- (.+)/g)].map(([, folder]) => `${folder}/package.json`);
}

const workspaceFile = (): string => readFileSync(join(repository, 'pnpm-workspace.yaml'), 'utf8');
