import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { testArtifactStore } from './artifact-store.conformance.ts';
import { FolderArtifactStore } from './folder-artifact-store.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => void rmSync(folder, { recursive: true, force: true })));

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'anura-artifacts-'));
  folders.push(folder);
  return folder;
}

testArtifactStore('A folder', (now) => new FolderArtifactStore({ folder: join(temporaryFolder(), 'new'), now }));

it('lets only its owner read', async () => {
  const folder = temporaryFolder();
  await new FolderArtifactStore({ folder }).put('job-1', Uint8Array.of(1), 'image/png');
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  expect(all.filter((name) => name.includes('job-1'))).toHaveLength(3);
  for (const name of all) expect(statSync(join(folder, name)).mode & 0o077, name).toBe(0);
});

it('has what was put after it is opened anew', async () => {
  const folder = temporaryFolder();
  const kept = await new FolderArtifactStore({ folder }).put('job-1', Uint8Array.of(1, 2), 'image/png');
  expect(await new FolderArtifactStore({ folder }).find('job-1')).toEqual(kept);
});

it('takes away what an interrupted write left an hour ago, and not what is being written', async () => {
  const folder = temporaryFolder();
  for (const name of ['old', 'fresh']) {
    mkdirSync(join(folder, 'writing', name), { recursive: true });
    writeFileSync(join(folder, 'writing', name, 'content'), 'half');
  }
  utimesSync(join(folder, 'writing', 'old'), 1, 1);
  expect(await new FolderArtifactStore({ folder }).prune(Date.now(), 10)).toBe(0);
  expect(readdirSync(join(folder, 'writing'))).toEqual(['fresh']);
});

it('says that the disk is full, leaves nothing behind and goes on', () => {
  const folder = temporaryFolder();
  const script = new URL('./__fixtures__/fill-disk.ts', import.meta.url).pathname;
  // A limit on the size of files stands for a full disk: what is written beyond it fails in the same place.
  const command = `ulimit -f 64; exec "$0" "$1" "$2"`;
  const output = execFileSync('bash', ['-c', command, process.execPath, script, folder], { encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual({
    failure: 'no-capacity: The result could not be kept: the disk of this server is full.',
    afterwards: 'job-2',
  });
  expect(readdirSync(join(folder, 'writing'))).toEqual([]);
});
