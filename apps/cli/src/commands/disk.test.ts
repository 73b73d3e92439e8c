import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../__fixtures__/run-in-process.ts';
import { type Answer, startSmallServer } from '../__fixtures__/small-server.ts';

let modelsDir = '';
beforeEach(() => {
  modelsDir = mkdtempSync(join(tmpdir(), 'anura-cli-models-'));
});
afterEach(() => rmSync(modelsDir, { recursive: true, force: true }));

const weights = Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(2000, 7)]);
const digest = `sha256:${createHash('sha256').update(weights).digest('hex')}`;

/** A registry with one model, `tiny`. */
function startRegistry() {
  const layer = { mediaType: 'application/vnd.ollama.image.model', digest, size: weights.length };
  const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType, layers: [layer] });
  const bytes: (body: string | Buffer) => Answer = (body) => (response) =>
    response.writeHead(200, { 'Content-Type': mediaType, 'Content-Length': Buffer.byteLength(body) }).end(body);
  return startSmallServer({
    'GET /v2/library/tiny/manifests/latest': bytes(manifest),
    [`GET /v2/library/tiny/blobs/${digest}`]: bytes(weights),
  });
}

test('a model is pulled, listed and removed', async () => {
  await using registry = await startRegistry();
  const here = ['--models-dir', modelsDir];
  const pulled = await run(['pull', 'tiny', '--registry', registry.url, ...here]);
  expect(pulled.stderr).toContain('Downloading 0 %');
  expect(pulled.stdout).toMatch(/^Pulled tiny\S*, 2\.0 kB\. Try it: anura chat tiny/);

  const again = await run(['pull', 'tiny', '--registry', registry.url, '--json', ...here]);
  expect(JSON.parse(again.stdout)).toMatchObject({ sizeBytes: weights.length, changed: false });

  const listed = await run(['models', '--disk', ...here]);
  expect(listed.stdout).toMatch(/NAME .*\ntiny\S* +2\.0 kB/);
  expect(listed.stderr).toBe(`2.0 kB in ${modelsDir}\n`);

  const removed = await run(['rm', 'tiny', ...here]);
  expect(removed.stdout).toMatch(/^Removed tiny\S*; 2\.0 kB are free again\.\n$/);
  const { models } = JSON.parse((await run(['models', '--disk', '--json', ...here])).stdout);
  expect(models).toEqual([]);
});

test('a model that no registry has is one line', async () => {
  await using registry = await startRegistry();
  const { exitCode, stdout, stderr } = await run([
    'pull',
    'nosuch',
    '--registry',
    registry.url,
    '--models-dir',
    modelsDir,
  ]);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr.split('\n').filter((line) => line.startsWith('error: '))).toHaveLength(1);
});

test('rm leaves files alone that pull did not bring', async () => {
  const path = join(modelsDir, 'mine.gguf');
  writeFileSync(path, weights);
  const { exitCode, stderr } = await run(['rm', 'mine', '--models-dir', modelsDir]);
  expect([exitCode, existsSync(path)]).toEqual([1, true]);
  expect(stderr).toMatch(/^error: .+\n$/);
});

test('a folder from the hub is pulled, listed and removed, and says what to do with it', async () => {
  const files = Object.fromEntries(kokoroFiles.map((path) => [path, Buffer.from(path)]));
  const repository = 'onnx-community/Kokoro-82M-v1.0-ONNX';
  const sha = 'c'.repeat(40);
  const json = (body: object) => (response: Parameters<Answer>[0]) => response.end(JSON.stringify(body));
  await using hub = await startSmallServer({
    [`GET /api/models/${repository}/revision/main`]: json({ sha }),
    [`GET /api/models/${repository}/tree/${sha}`]: json(
      Object.entries(files).map(([path, { length: size }]) => {
        const oid = createHash('sha1').update(`blob ${size}\0${path}`).digest('hex');
        return { type: 'file', path, size, oid };
      }),
    ),
    ...Object.fromEntries(
      Object.entries(files).map(([path, content]): [string, Answer] => [
        `GET /${repository}/resolve/${sha}/${path}`,
        (response) => response.end(content),
      ]),
    ),
  });
  const here = ['--models-dir', modelsDir];
  const pulled = await run(['pull', 'kokoro', '--hub', hub.url, ...here]);
  expect(pulled.stdout).toMatch(/^Pulled kokoro, \d+ bytes\. Try it: anura speak --model kokoro "Hello"\n$/);
  expect((await run(['models', '--disk', ...here])).stdout).toMatch(/\nkokoro +/);
  expect((await run(['rm', 'kokoro', ...here])).stdout).toMatch(/^Removed kokoro; \S+ kB are free again/);
  expect(existsSync(join(modelsDir, 'kokoro'))).toBe(false);
});

const kokoroFiles = [
  'config.json',
  'tokenizer.json',
  'onnx/model.onnx',
  ...['af_heart', 'am_puck', 'am_fenrir', 'af_bella'].map((voice) => `voices/${voice}.bin`),
];
