import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program in one of the folders, or in those of PATH; undefined when it is not there. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const all = [...folders, ...(process.env['PATH'] ?? '').split(delimiter)];
  return all.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
