import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refreshWithFolder } from './refresh-with-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anura-models-'));
});
afterEach(() => rm(folder, { recursive: true }));

function watched() {
  const counts = { refreshes: 0, closes: 0 };
  const provider = refreshWithFolder(
    {
      name: 'diffusion',
      engine: 'diffusion',
      offers: () => [],
      refresh: async () => void counts.refreshes++,
      close: async () => void counts.closes++,
    },
    folder,
    pino({ enabled: false }),
  );
  return { counts, provider };
}

test('a folder that is put in place, and one that goes, are looked for; what is on its way is not', async () => {
  await mkdir(join(folder, '.partial/folders/new/frog'), { recursive: true });
  const { counts, provider } = watched();
  await writeFile(join(folder, '.partial/folders/new/frog/model_index.json'), '{}');
  await rename(join(folder, '.partial/folders/new/frog'), join(folder, 'frog'));
  await expect.poll(() => counts.refreshes, { timeout: 5000 }).toBe(1);
  await rm(join(folder, 'frog'), { recursive: true });
  await expect.poll(() => counts.refreshes, { timeout: 5000 }).toBe(2);
  await provider.close();
  expect(counts.closes).toBe(1);
});

test('a models folder that is made later, by the first pull, is found', async () => {
  await rm(folder, { recursive: true });
  const { counts, provider } = watched();
  await mkdir(join(folder, 'frog'), { recursive: true });
  await expect.poll(() => counts.refreshes, { timeout: 5000 }).toBe(1);
  await mkdir(join(folder, 'newt'));
  await expect.poll(() => counts.refreshes, { timeout: 5000 }).toBe(2);
  await provider.close();
});

test('a provider that was closed is left alone', async () => {
  const closed = watched();
  await closed.provider.close();
  const open = watched();
  await mkdir(join(folder, 'newt'));
  await expect.poll(() => open.counts.refreshes, { timeout: 5000 }).toBe(1);
  expect(closed.counts.refreshes).toBe(0);
  await open.provider.close();
});
