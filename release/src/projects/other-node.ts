import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Skipped } from '../steps.ts';

/** The client's floor. */
const oldestMajor = 20;

/** A Node 20 on the path beside the one that runs this. @throws Skipped where there is none. */
export function findOldestNode(path: readonly string[]): string {
  const found = path.map((folder) => join(folder, 'node')).find((file) => existsSync(file) && isOldest(file));
  if (found === undefined) throw new Skipped(`there is no Node ${oldestMajor} on the PATH of this machine`);
  return found;
}

function isOldest(file: string): boolean {
  const { stdout } = spawnSync(file, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  return stdout.startsWith(`${oldestMajor}.`);
}
