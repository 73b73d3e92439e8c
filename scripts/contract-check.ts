// Regenerates everything that is generated from the contract and compares it with what is committed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';

const generated = ['openapi/generated/**', 'packages/*/src/generated/**'];

const digests = (): Map<string, string> =>
  new Map(
    globSync(generated, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => `${parentPath}/${name}`)
      .map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );

const before = digests();
const { status } = spawnSync('turbo', ['run', 'generate', '--force', '--output-logs=errors-only'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (status !== 0) process.exit(1);
const after = digests();
const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
  (path) => before.get(path) !== after.get(path),
);
for (const path of changed) console.error(`${path} was not what the contract generates; it is now: commit it.`);
process.exit(changed.length > 0 ? 1 : 0);
