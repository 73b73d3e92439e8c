import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeRegistry, fakeWeights } from './__fixtures__/fake-registry.ts';
import { listDisk } from './list-disk.ts';
import { pull } from './pull.ts';
import { removeModel } from './remove-model.ts';
import { readSidecar, writeSidecar } from './sidecar.ts';

const weights = fakeWeights(200_000);
const projector = fakeWeights(100_000, 'projector');
let modelsDir: string;
let registry: FakeRegistry;

beforeEach(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), 'anura-remove-'));
  registry = await new FakeRegistry().listen();
  registry.addModel('library/frog:latest', { weights, projector });
  registry.addModel('library/frog:8b', { weights });
});

afterEach(async () => {
  await registry.close();
  await rm(modelsDir, { recursive: true });
});

const pullHere = (name: string) => pull(name, { modelsDir, registry: registry.url, limits: { maxFailures: 1 } });
const left = async () => (await readdir(modelsDir, { recursive: true })).filter((name) => name !== '.partial');

describe('removeModel', () => {
  it('gives the room back that no other name uses', async () => {
    await pullHere('frog');
    await pullHere('frog:8b');
    expect(await removeModel('frog:latest', { modelsDir })).toEqual({ name: 'frog', freedBytes: 100_000 });
    expect((await listDisk({ modelsDir })).models.map(({ name }) => name)).toEqual(['frog:8b']);
    expect(await removeModel('frog:8b', { modelsDir })).toEqual({ name: 'frog:8b', freedBytes: 200_000 });
    expect(await left()).toEqual([]);
  });

  it('removes what an unfinished pull left', async () => {
    registry.cuts = [100_000];
    await pullHere('frog:8b').catch(() => undefined);
    expect((await listDisk({ modelsDir })).partials).toHaveLength(1);
    await removeModel('frog:8b', { modelsDir });
    expect(await left()).toEqual([]);
  });

  it('does not touch files that were put there by hand', async () => {
    await writeFile(join(modelsDir, 'mine.gguf'), 'GGUF');
    await expect(removeModel('mine', { modelsDir })).rejects.toThrowError(/by hand/);
    expect(await left()).toEqual(['mine.gguf']);
  });

  it('does not follow a sidecar to files of other models', async () => {
    const { path } = await pullHere('frog:8b');
    await writeFile(join(modelsDir, 'mine.gguf'), 'GGUF');
    const sidecar = await readSidecar(`${path}.anura.json`);
    if (!sidecar) throw new Error('the pulled model has no sidecar');
    const foreign = { role: 'adapter' as const, file: 'mine.gguf', digest: sidecar.digest, size: 4 };
    await writeSidecar(`${path}.anura.json`, { ...sidecar, companions: [foreign] });
    expect(await readSidecar(`${path}.anura.json`)).toBeDefined();
    await removeModel('frog:8b', { modelsDir });
    expect(await left()).toEqual(['mine.gguf']);
  });

  it('says so when there is nothing to remove', async () => {
    await expect(removeModel('toad', { modelsDir })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('listDisk', () => {
  it('lists models by the names callers use, and files put there by hand by their file names', async () => {
    await pullHere('frog');
    await pullHere('frog:8b');
    await writeFile(join(modelsDir, 'mine.gguf'), 'GGUF');
    const listing = await listDisk({ modelsDir });
    expect(listing.models.map(({ name, sizeBytes, sharedWith }) => ({ name, sizeBytes, sharedWith }))).toEqual([
      { name: 'frog', sizeBytes: 200_000, sharedWith: ['frog:8b'] },
      { name: 'frog:8b', sizeBytes: 200_000, sharedWith: ['frog'] },
      { name: 'mine', sizeBytes: 4, sharedWith: [] },
    ]);
    expect(listing.totalBytes).toBe(300_004);
  });

  it('offers a model whose sidecar is broken under its file name', async () => {
    const { path } = await pullHere('frog:8b');
    await writeFile(`${path}.anura.json`, '{"name": "../../x"');
    expect((await listDisk({ modelsDir })).models.map(({ name }) => name)).toEqual(['frog@8b']);
  });

  it('finds an absent folder empty', async () => {
    expect(await listDisk({ modelsDir: join(modelsDir, 'absent') })).toEqual({
      models: [],
      partials: [],
      totalBytes: 0,
    });
  });
});
