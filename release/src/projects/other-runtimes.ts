import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../repository.ts';
import { Skipped } from '../steps.ts';

/** The runtimes beside Node and their versions, as release/runtimes/package.json pins them. */
export function pinnedRuntimes(): Record<string, string> {
  const text = readFileSync(join(repository, 'release', 'runtimes', 'package.json'), 'utf8');
  return (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies;
}

/** The program itself, which its package puts in place with an install script only; ours run none. @throws Skipped without one. */
export function binaryOf(folder: string, runtime: 'deno' | 'bun'): string {
  const patterns = { deno: 'node_modules/@deno/*/deno', bun: 'node_modules/@oven/bun-*/bin/bun' };
  const [found] = globSync(patterns[runtime], { cwd: folder });
  if (found === undefined) throw new Skipped(`${runtime} has no program for ${process.platform} ${process.arch}`);
  return join(folder, found);
}
