import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../jobs-rivals/', import.meta.url);
const require = createRequire(new URL('package.json', folder));

/** Whether the package lies outside the workspace in `bench/jobs-rivals` (pnpm bench:jobs-install). */
export const isInstalled = (name: string): boolean =>
  existsSync(fileURLToPath(new URL(`node_modules/${name}`, folder)));

/** Loads the package from there. Its types are not at hand, so the caller names the few members it uses. */
export const loadRival = (name: string): unknown => require(name);
