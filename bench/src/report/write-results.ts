import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../results/', import.meta.url));

/** The machine in general words: figures mean nothing without it, and its name is nobody's business. */
export const machine = () => ({
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
  processors: availableParallelism(),
  processor: cpus()[0]?.model ?? 'unknown',
  memoryGigabytes: Math.round(totalmem() / 1e9),
});

/** Writes results as JSON to `out`, or into the results folder under the name and the time. Returns where. */
export function writeResults(name: string, results: unknown, out: string | undefined): string {
  const file = out ?? join(folder, `${name}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  return file;
}
