import { mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, FakeRegistry, fakeWeights } from './__fixtures__/fake-registry.ts';
import { listDisk } from './list-disk.ts';
import type { PullProgress } from './progress-meter.ts';
import { type PullOptions, pull } from './pull.ts';
import { readSidecar } from './sidecar.ts';

const size = 3_000_000;
const weights = fakeWeights(size);
const digest = digestOf(weights);
let registry: FakeRegistry;
let modelsDir: string;
const opened: FakeRegistry[] = [];

async function openRegistry(): Promise<FakeRegistry> {
  const fake = await new FakeRegistry().listen();
  opened.push(fake);
  return fake;
}

beforeEach(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), 'anura-pull-'));
  registry = await openRegistry();
  registry.addModel('library/frog:latest', { weights });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((fake) => fake.close()));
  await rm(modelsDir, { recursive: true });
});

const pullFrog = (more: Partial<PullOptions> = {}, name = 'frog') =>
  pull(name, { modelsDir, registry: registry.url, limits: { delayMs: () => 0, idleTimeoutMs: 5000 }, ...more });
const partialsLeft = async () => (await readdir(join(modelsDir, '.partial'))).filter((name) => !name.endsWith('.lock'));
const offered = async () => (await listDisk({ modelsDir })).models.map(({ name }) => name);

describe('a whole pull', () => {
  it('puts the weights in place with a sidecar that says what they are', async () => {
    registry.addModel('library/frog:8b', {
      weights,
      template: '{{ if .Tools }}{{ .System }}{{ end }}',
      license: 'Apache-2.0',
      params: { stop: ['<end>'] },
      config: { model_family: 'llama', model_type: '8.0B', file_type: 'Q8_0' },
    });
    const { path, changed } = await pullFrog({}, 'frog:8b');
    expect(changed).toBe(true);
    expect(digestOf(await readFile(path))).toBe(digest);
    expect(await readSidecar(`${path}.anura.json`)).toEqual({
      name: 'frog:8b',
      aliases: [],
      digest,
      size,
      pulled_at: expect.any(String),
      source: `${new URL(registry.url).host}/library/frog:8b`,
      capabilities: ['tools'],
      companions: [],
      family: 'llama',
      parameters: '8.0B',
      quantization: 'Q8_0',
      template: '{{ if .Tools }}{{ .System }}{{ end }}',
      params: { stop: ['<end>'] },
      license: 'Apache-2.0',
    });
    expect(await partialsLeft()).toEqual([]);
    expect(registry.requests[0]?.userAgent).toBe('anura');
  });

  it('brings a real model file, here the one Anura ships with', async () => {
    const tadpole = await readFile(new URL('../../../tadpole/tadpole-q8_0.gguf', import.meta.url));
    registry.addModel('library/tadpole:latest', { weights: tadpole });
    registry.cuts = [1_000_000, 3_000_000];
    const { path } = await pullFrog({}, 'tadpole');
    expect(digestOf(await readFile(path))).toBe(digestOf(tadpole));
  });

  it('takes a name with a host from that host', async () => {
    registry.addModel('team/newt:v2', { weights });
    const host = new URL(registry.url).host;
    const { name } = await pull(`${host}/team/newt:v2`, { modelsDir });
    expect(name).toBe(`${host}/team/newt:v2`);
    expect(await offered()).toEqual([name]);
  });

  it('keeps a projector beside the weights, where no engine takes it for a model', async () => {
    registry.addModel('library/seer:latest', { weights, projector: fakeWeights(100_000, 'projector') });
    const { path } = await pullFrog({}, 'seer');
    const sidecar = await readSidecar(`${path}.anura.json`);
    expect(sidecar?.capabilities).toEqual(['vision']);
    expect(sidecar?.companions.map(({ role, file }) => ({ role, file }))).toEqual([
      { role: 'projector', file: 'seer.projector' },
    ]);
    expect(await offered()).toEqual(['seer']);
  });

  it('tells how far it is', async () => {
    const seen: PullProgress[] = [];
    registry.cuts = [1_000_000];
    await pullFrog({ onProgress: (progress) => seen.push(progress) });
    const phases = seen.map(({ phase }) => phase).filter((phase, index, all) => phase !== all[index - 1]);
    expect(phases).toEqual(['resolving', 'downloading', 'retrying', 'downloading', 'installing', 'done']);
    expect(seen.at(-1)).toMatchObject({ completedBytes: size, totalBytes: size });
    expect(seen.find(({ phase }) => phase === 'retrying')?.message).toMatch(/cut/);
  });

  it('is not offered before it is whole', async () => {
    registry.cuts = [1_000_000];
    const during: string[][] = [];
    let checks = Promise.resolve();
    const look = async () => void during.push((await readdir(modelsDir)).filter((name) => name !== '.partial'));
    await pullFrog({
      onProgress: ({ phase }) => {
        if (phase === 'downloading' || phase === 'retrying') checks = checks.then(look);
      },
      limits: { delayMs: () => 50 },
    });
    await checks;
    expect(during[0]).toEqual([]);
    expect(await offered()).toEqual(['frog']);
  });
});

describe('pulling again', () => {
  it('downloads nothing when nothing has changed', async () => {
    const first = await pullFrog();
    const again = await pullFrog();
    expect(again).toEqual({ ...first, changed: false });
    expect(registry.rangesOf(digest)).toHaveLength(1);
  });

  it('replaces the model when the tag moved on', async () => {
    await pullFrog();
    const newer = fakeWeights(size, 'newer');
    registry.addModel('library/frog:latest', { weights: newer });
    const { path } = await pullFrog();
    const sidecar = await readSidecar(`${path}.anura.json`);
    expect(sidecar?.digest).toBe(digestOf(newer));
    expect(digestOf(await readFile(path))).toBe(digestOf(newer));
  });

  it('shares the file with another name of the same weights, without another download', async () => {
    registry.addModel('library/frog:8b', { weights });
    const one = await pullFrog();
    const other = await pullFrog({}, 'frog:8b');
    expect((await stat(one.path)).ino).toBe((await stat(other.path)).ino);
    expect(registry.rangesOf(digest)).toHaveLength(1);
    expect((await listDisk({ modelsDir })).totalBytes).toBe(size);
  });

  it('reads a file again that was written to, and replaces it when it is damaged', async () => {
    const { path } = await pullFrog();
    const damaged = Buffer.from(weights);
    damaged[1000] = (damaged[1000] ?? 0) ^ 1;
    await writeFile(path, damaged);
    await utimes(path, new Date(), new Date(Date.now() + 60_000));
    expect((await pullFrog()).changed).toBe(true);
    expect(digestOf(await readFile(path))).toBe(digest);
  });
});

describe('a connection that is cut', () => {
  it('goes on where it stopped, as often as it must', async () => {
    registry.cuts = [500_000, 500_000, 500_000, 500_000];
    const { path } = await pullFrog({ limits: { delayMs: () => 0, maxFailures: 2 } });
    expect(digestOf(await readFile(path))).toBe(digest);
    const starts = registry.rangesOf(digest).map((range) => Number(/\d+/.exec(range ?? '0')?.[0]));
    expect(starts).toHaveLength(5);
    expect(starts).toEqual([...starts].sort((one, other) => one - other));
    expect(starts[1]).toBeGreaterThan(0);
  });

  it('begins anew where the registry does not serve ranges', async () => {
    registry.servesRanges = false;
    registry.cuts = [2_000_000];
    const { path } = await pullFrog();
    expect(digestOf(await readFile(path))).toBe(digest);
  });

  it('gives up when nothing more arrives, and the next pull goes on', async () => {
    registry.cuts = [1_000_000, 0, 0, 0];
    await expect(pullFrog({ limits: { delayMs: () => 0, maxFailures: 3 } })).rejects.toMatchObject({
      code: 'engine-failed',
    });
    expect((await listDisk({ modelsDir })).partials).toMatchObject([{ name: 'frog', digest, totalBytes: size }]);
    registry.cuts = [];
    await pullFrog();
    expect(registry.rangesOf(digest).at(-1)).toMatch(/^bytes=[1-9]/);
    expect(await offered()).toEqual(['frog']);
  });

  it('does not wait for ever for a registry that falls silent', async () => {
    registry.blobFault = (_request, response, bytes) => {
      if (bytes.length !== size) return false;
      response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 1000));
      return true;
    };
    const result = pullFrog({ limits: { delayMs: () => 0, maxFailures: 1, idleTimeoutMs: 200 } });
    await expect(result).rejects.toMatchObject({ code: 'engine-timeout' });
  });

  it('says so when nothing listens', async () => {
    const gone = await openRegistry();
    const url = gone.url;
    await opened.pop()?.close();
    const result = pullFrog({ registry: url, limits: { delayMs: () => 0, maxFailures: 2 } });
    await expect(result).rejects.toThrowError(/nothing listens/);
  });

  it('waits out a registry that is not able to answer', async () => {
    let failures = 2;
    registry.blobFault = (_request, response, bytes) => {
      if (bytes.length !== size || failures === 0) return false;
      failures -= 1;
      response.writeHead(failures === 1 ? 503 : 429, { 'retry-after': '0' }).end('{"error":"busy"}');
      return true;
    };
    await pullFrog();
    expect(await offered()).toEqual(['frog']);
  });
});

describe('bytes that are not right', () => {
  const corrupted = Buffer.from(weights);
  corrupted[size - 5] = (corrupted[size - 5] ?? 0) ^ 1;

  it('are deleted and never offered', async () => {
    registry.blobs.set(digest, corrupted);
    await expect(pullFrog()).rejects.toThrowError(/corrupted/);
    expect(registry.rangesOf(digest)).toHaveLength(1);
    expect(await offered()).toEqual([]);
    expect((await listDisk({ modelsDir })).totalBytes).toBe(0);
  });

  it('are fetched once more from the start when they came in pieces', async () => {
    await pullFrog({ freeBytes: async () => 0 }).catch(() => undefined);
    const left = join(modelsDir, '.partial', `${digest.replace(':', '-')}.part`);
    await writeFile(left, Buffer.alloc(1_000_000).fill('GGUF', 0, 4));
    const { path } = await pullFrog();
    expect(digestOf(await readFile(path))).toBe(digest);
    expect(registry.rangesOf(digest)).toEqual(['bytes=1000000-', undefined]);
  });

  it('are refused before they are stored when their size is not the manifest’s', async () => {
    registry.blobs.set(digest, weights.subarray(0, size - 1));
    await expect(pullFrog()).rejects.toThrowError(/not of the size/);
    registry.blobs.set(digest, Buffer.concat([weights, Buffer.alloc(1)]));
    await expect(pullFrog()).rejects.toThrowError(/not of the size/);
  });

  it('are refused when more arrive than were announced', async () => {
    registry.blobFault = (_request, response, bytes) => {
      if (bytes.length !== size) return false;
      response.writeHead(200);
      response.end(Buffer.concat([bytes, bytes]));
      return true;
    };
    await expect(pullFrog()).rejects.toThrowError(/longer than its manifest/);
    expect((await listDisk({ modelsDir })).totalBytes).toBe(0);
  });

  it('are refused early when they are no GGUF file', async () => {
    const page = Buffer.alloc(2_000_000, '<html>');
    registry.addModel('library/page:latest', { weights: page });
    await expect(pullFrog({}, 'page')).rejects.toThrowError(/not a GGUF file/);
    expect(await offered()).toEqual([]);
  });

  it('leave the model that was there before in its place', async () => {
    const { path } = await pullFrog();
    const newer = fakeWeights(size, 'newer');
    registry.addModel('library/frog:latest', { weights: newer });
    registry.blobs.set(digestOf(newer), corrupted);
    await expect(pullFrog()).rejects.toThrowError(/corrupted/);
    expect(digestOf(await readFile(path))).toBe(digest);
    expect((await readSidecar(`${path}.anura.json`))?.digest).toBe(digest);
  });
});

describe('what the registry refuses', () => {
  it('says what to try when there is no such model', async () => {
    await expect(pullFrog({}, 'toad:9b')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/no model toad:9b.*spelling.*manifest unknown/),
    });
    expect(await offered()).toEqual([]);
  });

  it('says that a login is needed when there is no token to be had', async () => {
    registry.blobFault = (_request, response) => {
      response.writeHead(403).end('denied');
      return true;
    };
    await expect(pullFrog()).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/private, gated/),
    });
  });

  it.each([
    ['a manifest that never ends', `{"x":"${'y'.repeat(5_000_000)}`, /more than/],
    [
      'a path for a digest',
      JSON.stringify({ schemaVersion: 2, layers: [{ mediaType: 'm', digest: '../../x', size: 1 }] }),
      /digest/,
    ],
    ['no JSON', '<html></html>', /not JSON/],
  ])('%s is an error and leaves nothing behind', async (_what, manifest, message) => {
    registry.manifests.set('library/frog:latest', manifest);
    await expect(pullFrog()).rejects.toThrowError(message);
    expect(await partialsLeft()).toEqual([]);
  });
});

describe('redirects and tokens', () => {
  it('follows a redirect to a CDN, and keeps the registry’s token from it', async () => {
    const cdn = await openRegistry();
    cdn.addModel('library/frog:latest', { weights });
    cdn.cuts = [1_000_000];
    registry.tokens = ['secret'];
    registry.redirectBlobsTo = cdn.url;
    const { path } = await pullFrog();
    expect(digestOf(await readFile(path))).toBe(digest);
    expect(cdn.requests.length).toBeGreaterThan(2);
    expect(cdn.requests.every(({ authorization }) => authorization === undefined)).toBe(true);
    expect(cdn.rangesOf(digest).at(-1)).toMatch(/^bytes=[1-9]/);
  });

  it.each(['http://169.254.169.254', 'http://[fe80::1]', 'ftp://cdn.example', 'http://user:secret@cdn.example'])(
    'does not follow a redirect to %s',
    async (target) => {
      registry.redirectBlobsTo = target;
      await expect(pullFrog()).rejects.toThrowError(/redirect is not followed/);
    },
  );

  it('does not go round in circles', async () => {
    registry.redirectBlobsTo = registry.url;
    await expect(pullFrog()).rejects.toThrowError(/more than 5 times/);
  });

  it('fetches a token when asked, and another when the first runs out on the way', async () => {
    registry.tokens = ['first'];
    registry.blobFault = (_request, response, bytes) => {
      if (bytes.length !== size || registry.tokens.length > 1) return false;
      registry.tokens.push('second');
      response
        .writeHead(200, { 'content-length': bytes.length })
        .write(bytes.subarray(0, 1000), () => response.destroy());
      return true;
    };
    await pullFrog();
    expect(registry.requests.filter(({ path }) => path === '/token')).toHaveLength(2);
    expect(registry.requests.at(-1)?.authorization).toBe('Bearer second');
  });
});

describe('a pull that is stopped', () => {
  it('keeps what has arrived, and the next pull goes on from there', async () => {
    const controller = new AbortController();
    registry.cuts = [1_000_000];
    const stopOnRetry = ({ phase }: PullProgress) => phase === 'retrying' && controller.abort();
    const first = pullFrog({ signal: controller.signal, onProgress: stopOnRetry, limits: { delayMs: () => 1e6 } });
    await expect(first).rejects.toMatchObject({ code: 'cancelled', message: expect.stringMatching(/pull again/) });
    await pullFrog();
    expect(registry.rangesOf(digest).at(-1)).toMatch(/^bytes=[1-9]/);
  });

  it('stops in the middle of a stream that drips', async () => {
    const controller = new AbortController();
    registry.blobFault = (_request, response, bytes) => {
      if (bytes.length !== size) return false;
      response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 1000));
      return true;
    };
    const onProgress = ({ phase }: PullProgress) => phase === 'downloading' && controller.abort();
    await expect(pullFrog({ signal: controller.signal, onProgress })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('does not begin when it was stopped before', async () => {
    await expect(pullFrog({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('a disk that is full', () => {
  it('is found out before the download, with both figures', async () => {
    const result = pullFrog({ freeBytes: async () => 1_000_000 });
    await expect(result).rejects.toMatchObject({
      code: 'no-capacity',
      message: expect.stringMatching(/3\.0 MB.*1\.0 MB to spare/),
    });
    expect(registry.rangesOf(digest)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('is reported when it fills up on the way', async () => {
    await pullFrog({ freeBytes: async () => 0 }).catch(() => undefined);
    await symlink('/dev/full', join(modelsDir, '.partial', `${digest.replace(':', '-')}.part`));
    await expect(pullFrog()).rejects.toMatchObject({ code: 'no-capacity', message: expect.stringMatching(/full/) });
  });

  it('says so when the models folder cannot be made', async () => {
    const file = join(modelsDir, 'file');
    await writeFile(file, '');
    await expect(pullFrog({ modelsDir: join(file, 'models') })).rejects.toThrowError(/cannot be written \(ENOTDIR\)/);
  });
});

describe('several pulls at once', () => {
  it('of one name share one download', async () => {
    const results = await Promise.all([pullFrog(), pullFrog(), pullFrog()]);
    expect(results.map(({ changed }) => changed).sort()).toEqual([false, false, true]);
    expect(registry.rangesOf(digest)).toHaveLength(1);
    expect(await readdir(join(modelsDir, '.partial'))).toEqual([]);
  });

  it('of two names of the same weights share one download', async () => {
    registry.addModel('library/frog:8b', { weights });
    const waiting: PullProgress[] = [];
    registry.cuts = [1_000_000];
    const onProgress = (progress: PullProgress) => void (progress.phase === 'waiting' && waiting.push(progress));
    await Promise.all([pullFrog({ onProgress }), pullFrog({ onProgress }, 'frog:8b')]);
    expect(registry.rangesOf(digest).filter((range) => range === undefined)).toHaveLength(1);
    expect(waiting.length).toBeGreaterThan(0);
    expect(await offered()).toEqual(['frog', 'frog:8b']);
  });
});
