import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commit, FakeHub } from '../__fixtures__/fake-hub.ts';
import { listDisk } from '../list-disk.ts';
import type { PullProgress } from '../progress-meter.ts';
import { type PullOptions, pull } from '../pull.ts';
import { removeModel } from '../remove-model.ts';

const unet = Buffer.alloc(2_000_000, 'unet weights ');
const frog = {
  'README.md': '# Frog',
  LICENSE: 'CC0',
  'model_index.json': '{"_class_name":"OnnxStableDiffusionPipeline"}',
  'scheduler/scheduler_config.json': '{}',
  'tokenizer/vocab.json': '{"a":0}',
  'tokenizer/merges.txt': '',
  'text_encoder/config.json': '{}',
  'text_encoder/model.onnx': 'text encoder',
  'text_encoder/model.safetensors': 'not for us',
  'unet/model.onnx': unet,
  'unet/model.onnx_data': 'more weights',
  'unet/model_fp16.onnx': 'another precision',
  'vae_encoder/model.onnx': 'not read',
  'vae_decoder/model.onnx': 'decoder',
  'safety_checker/model.onnx': 'not read',
};
const chosen = [
  '.anura.json',
  'LICENSE',
  'model_index.json',
  'scheduler/scheduler_config.json',
  'text_encoder/config.json',
  'text_encoder/model.onnx',
  'tokenizer/merges.txt',
  'tokenizer/vocab.json',
  'unet/model.onnx',
  'unet/model.onnx_data',
  'vae_decoder/model.onnx',
];

let modelsDir: string;
let hub: FakeHub;
beforeEach(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), 'anura-hub-'));
  hub = (await new FakeHub().listen()).add(frog);
});
afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(modelsDir, { recursive: true });
});

const pullFrog = (more: Partial<PullOptions> = {}, name = 'hf:acme/frog-onnx') =>
  pull(name, { modelsDir, hub: hub.url, limits: { delayMs: () => 0, idleTimeoutMs: 5000 }, ...more });

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(modelsDir, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.lock'));
  return files.map(({ parentPath, name }) => join(parentPath, name).slice(modelsDir.length + folder.length + 2)).sort();
}
const fileRequests = () => hub.requests.filter(({ path }) => path.includes('/resolve/')).length;

describe('a pulled folder', () => {
  it('holds what the diffusion engine reads and nothing else', async () => {
    const progress: PullProgress[] = [];
    const pulled = await pullFrog({ onProgress: (one) => progress.push(one) });
    expect(pulled).toMatchObject({ name: 'frog-onnx', layout: 'diffusers', changed: true });
    expect(await filesIn('frog-onnx')).toEqual(chosen);
    expect(await readFile(join(pulled.path, 'unet/model.onnx'))).toEqual(unet);
    expect(JSON.parse(await readFile(join(pulled.path, '.anura.json'), 'utf8'))).toMatchObject({
      name: 'hf:acme/frog-onnx',
      commit,
      source: `${new URL(hub.url).host}/acme/frog-onnx`,
    });
    expect(await filesIn('.partial')).toEqual([]);
    expect(progress.at(-1)).toMatchObject({
      phase: 'done',
      completedBytes: pulled.sizeBytes,
      totalBytes: pulled.sizeBytes,
    });
  });

  it('may be a folder of its repository, listed in many pages', async () => {
    hub.files.clear();
    hub.add(Object.fromEntries(Object.entries(frog).map(([path, content]) => [`small/v2/${path}`, content])));
    hub.entriesPerPage = 4;
    const { name } = await pullFrog({}, 'hf:acme/frog-onnx:small/v2');
    expect(name).toBe('frog-onnx-small-v2');
    expect(await filesIn(name)).toEqual(chosen);
  });

  it('is not fetched again when nothing has changed, and a touched file alone is', async () => {
    const { path } = await pullFrog();
    const before = fileRequests();
    expect((await pullFrog()).changed).toBe(false);
    expect(fileRequests()).toBe(before);
    await writeFile(join(path, 'unet/model.onnx'), 'scribble');
    expect((await pullFrog()).changed).toBe(true);
    expect(fileRequests()).toBe(before + 1);
    expect(await readFile(join(path, 'unet/model.onnx'))).toEqual(unet);
  });

  it('is replaced as a whole when its repository has changed', async () => {
    const { path } = await pullFrog();
    hub.add({ 'unet/model.onnx': 'new' });
    hub.files.delete('unet/model.onnx_data');
    expect((await pullFrog()).changed).toBe(true);
    expect(await readFile(join(path, 'unet/model.onnx'), 'utf8')).toBe('new');
    expect(await filesIn('frog-onnx')).toEqual(chosen.filter((name) => name !== 'unet/model.onnx_data'));
    expect(await filesIn('.partial')).toEqual([]);
  });

  it('does not take the place of what was put there by hand, or of another repository', async () => {
    await mkdir(join(modelsDir, 'frog-onnx'));
    await expect(pullFrog()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('by hand') });
    expect(await filesIn('frog-onnx')).toEqual([]);
    await rm(join(modelsDir, 'frog-onnx'), { recursive: true });
    await pullFrog();
    hub.repository = 'other/frog-onnx';
    await expect(pullFrog({}, 'hf:other/frog-onnx')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('hf:acme/frog-onnx'),
    });
  });

  it('is brought once when two ask for it at once', async () => {
    const pulled = await Promise.all([pullFrog(), pullFrog()]);
    expect(pulled.map(({ changed }) => changed).sort()).toEqual([false, true]);
    expect(hub.rangesOf('unet/model.onnx?')).toEqual([]);
    expect(hub.requests.filter(({ path }) => path === '/cdn/unet/model.onnx')).toHaveLength(1);
  });

  it('is listed and removed by its own name or the one it was pulled by, without what is not its', async () => {
    const { sizeBytes, path } = await pullFrog();
    const { models, totalBytes } = await listDisk({ modelsDir });
    expect(models.map(({ name }) => name)).toEqual(['frog-onnx']);
    expect(totalBytes).toBeGreaterThan(sizeBytes);
    expect(await removeModel('frog-onnx', { modelsDir })).toMatchObject({ name: 'hf:acme/frog-onnx' });
    expect((await readdir(modelsDir)).filter((name) => !name.startsWith('.'))).toEqual([]);
    await pullFrog();
    await writeFile(join(path, 'unet/mine.txt'), 'mine');
    await removeModel('hf:acme/frog-onnx', { modelsDir });
    expect(await filesIn('frog-onnx')).toEqual(['unet/mine.txt']);
    await expect(removeModel('frog-onnx', { modelsDir })).rejects.toThrowError(/by hand/);
  });
});

describe('a connection that is cut', () => {
  it('is taken up where it stopped', async () => {
    hub.cuts = [500_000, 300_000];
    const { path } = await pullFrog();
    expect(await readFile(join(path, 'unet/model.onnx'))).toEqual(unet);
    expect(hub.rangesOf('unet/model.onnx')).toContainEqual(expect.stringMatching(/^bytes=[1-9]\d*-$/));
  });

  it('leaves what has arrived for the next pull, and no folder', async () => {
    hub.cuts = [700_000, 0, 0];
    const failing = pullFrog({ limits: { maxFailures: 2, delayMs: () => 0 } });
    await expect(failing).rejects.toMatchObject({ code: 'engine-failed' });
    expect((await listDisk({ modelsDir })).models).toEqual([]);
    const { partials } = await listDisk({ modelsDir });
    const begun = partials.find(({ totalBytes }) => totalBytes === unet.length);
    expect(begun).toMatchObject({ name: 'hf:acme/frog-onnx', completedBytes: expect.any(Number) });
    expect(begun?.completedBytes).toBeGreaterThan(0);
    hub.cuts = [];
    hub.requests.length = 0;
    await pullFrog();
    expect(hub.rangesOf('unet/model.onnx')).toEqual([`bytes=${begun?.completedBytes}-`, undefined]);
  });

  it('can be given up with rm', async () => {
    hub.cuts = [700_000, 0, 0];
    await expect(pullFrog({ limits: { maxFailures: 2, delayMs: () => 0 } })).rejects.toThrow();
    expect((await removeModel('hf:acme/frog-onnx', { modelsDir })).freedBytes).toBeGreaterThan(0);
    expect((await listDisk({ modelsDir })).partials).toEqual([]);
  });
});

describe('what the hub must not get away with', () => {
  it.each(['unet/model.onnx', 'model_index.json'])('%s with other bytes than promised', async (path) => {
    const content = Buffer.from(hub.files.get(path) ?? '');
    content[0] = 0;
    hub.corrupted.set(path, content);
    await expect(pullFrog({ limits: { maxFailures: 2, delayMs: () => 0 } })).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringContaining('arrived corrupted'),
    });
    expect((await listDisk({ modelsDir })).models).toEqual([]);
  });

  it.each([
    ['shorter', -1],
    ['longer', 1],
  ])('a size that is %s than the file', async (_word, by) => {
    hub.editEntry = (entry) => (entry.lfs ? { ...entry, lfs: { ...entry.lfs, size: entry.lfs.size + by } } : entry);
    await expect(pullFrog()).rejects.toMatchObject({ code: 'engine-failed' });
    expect((await listDisk({ modelsDir })).models).toEqual([]);
  });

  it.each([
    '../escape.json',
    'unet/../../escape.json',
    '/etc/escape.json',
    'tokenizer\\..\\escape.json',
    'tokenizer/escape\u0000.json',
    'tokenizer//escape.json',
    './escape.json',
    `tokenizer/${'x'.repeat(256)}.json`,
  ])('the path %j', async (path) => {
    hub.extraEntries = [{ type: 'file', path, size: 1, oid: 'a'.repeat(40) }];
    await expect(pullFrog()).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringContaining('leads elsewhere'),
    });
    expect(fileRequests()).toBe(0);
  });

  it('two names that are one where capitals do not count', async () => {
    hub.add({ 'tokenizer/VOCAB.json': '{}' });
    await expect(pullFrog()).rejects.toThrowError(/two of its files have one name/);
  });

  it('too many files, or a listing without end', async () => {
    hub.add(Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`tokenizer/${index}.json`, '{}'])));
    await expect(pullFrog()).rejects.toThrowError(/too many files/);
    hub.entriesPerPage = 1;
    await expect(pullFrog()).rejects.toThrowError(/too many files/);
  });

  it.each([{ size: -1 }, { size: 1.5 }, { size: 2 ** 50 }, { oid: '../..' }, { path: '' }])(
    'an entry with %j',
    async (wrong) => {
      hub.extraEntries = [{ type: 'file', path: 'x.json', size: 1, oid: 'a'.repeat(40), ...wrong }];
      await expect(pullFrog()).rejects.toThrowError(/list of files .* cannot be used/);
    },
  );

  it('more bytes than the disk has room for', async () => {
    await expect(pullFrog({ freeBytes: async () => 1_000_000 })).rejects.toMatchObject({ code: 'no-capacity' });
    expect(fileRequests()).toBe(0);
  });

  it('a redirect to a metadata service', async () => {
    hub.redirectTo = 'http://169.254.169.254';
    await expect(pullFrog()).rejects.toThrowError(/redirect is not followed/);
  });
});

describe('what cannot be had says why', () => {
  it.each([
    [{ status: 403, code: 'GatedRepo' }, 'forbidden', /accepted its terms/],
    [{ status: 401, code: 'RepoNotFound' }, 'forbidden', /without a login: it is private/],
  ])('%j', async (refusal, code, message) => {
    hub.refusal = refusal;
    await expect(pullFrog()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('a repository that is not there', async () => {
    await expect(pullFrog({}, 'hf:acme/newt')).rejects.toMatchObject({
      code: 'not-found',
      message: 'The hub has no hf:acme/newt. Check the spelling.',
    });
  });

  it('a model without an ONNX export, and a repository without any model', async () => {
    hub.files.delete('unet/model.onnx');
    await expect(pullFrog()).rejects.toThrowError(/unet\/model.onnx is missing/);
    hub.files.clear();
    hub.add({ 'frog.gguf': 'GGUF' });
    await expect(pullFrog()).rejects.toThrowError('hf.co/acme/frog-onnx:QUANTIZATION');
  });

  it('a hub that is no address', async () => {
    await expect(pullFrog({ hub: 'file:///etc' })).rejects.toMatchObject({ code: 'invalid-request' });
  });
});
