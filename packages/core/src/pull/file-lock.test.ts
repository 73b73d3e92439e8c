import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, FakeRegistry, fakeWeights } from './__fixtures__/fake-registry.ts';
import { acquireFileLock, tryFileLock } from './file-lock.ts';
import { removeModel } from './remove-model.ts';

const weights = fakeWeights(2_000_000);
const digest = digestOf(weights);
let modelsDir: string;
let registry: FakeRegistry;
const processes: ChildProcess[] = [];

beforeEach(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), 'anura-lock-'));
  registry = await new FakeRegistry().listen();
  registry.addModel('library/frog:latest', { weights });
});

afterEach(async () => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
  await registry.close();
  await rm(modelsDir, { recursive: true });
});

/** Pulls `frog` in a process of its own. */
function pullInProcess(): {
  child: ChildProcess;
  lines: string[];
  saw: (line: string) => Promise<void>;
  ended: Promise<unknown>;
} {
  const script = fileURLToPath(new URL('./__fixtures__/pull-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, 'frog', modelsDir, registry.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  processes.push(child);
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const saw = async (line: string) => {
    while (!lines.includes(line)) await once(reader, 'line');
  };
  return { child, lines, saw, ended: once(child, 'close') };
}

/** Answers the next download with half of it and then nothing, until released. */
function holdDownload(): { release: () => void } {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  registry.blobFault = (request, response, bytes) => {
    if (bytes.length !== weights.length || request.headers.range) return false;
    response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 1_000_000));
    void held.then(() => response.end(bytes.subarray(1_000_000)));
    return true;
  };
  return { release };
}

describe('two processes that pull one model', () => {
  it('share one download', { timeout: 20_000 }, async () => {
    const download = holdDownload();
    const first = pullInProcess();
    await first.saw('downloading');
    const second = pullInProcess();
    await second.saw('waiting');
    await expect(removeModel('frog', { modelsDir })).rejects.toMatchObject({ code: 'conflict' });
    download.release();
    await Promise.all([first.ended, second.ended]);
    expect([first.lines.at(-1), second.lines.at(-1)]).toEqual(['changed', 'unchanged']);
    expect(registry.rangesOf(digest)).toEqual([undefined]);
    expect(digestOf(await readFile(join(modelsDir, 'frog.gguf')))).toBe(digest);
  });

  it('do not lose the work of one that is killed', { timeout: 20_000 }, async () => {
    holdDownload();
    const first = pullInProcess();
    await first.saw('downloading');
    const second = pullInProcess();
    await second.saw('waiting');
    first.child.kill('SIGKILL');
    await Promise.all([first.ended, second.ended]);
    expect(second.lines.at(-1)).toBe('changed');
    expect(registry.rangesOf(digest)[1]).toMatch(/^bytes=[1-9]/);
    expect(digestOf(await readFile(join(modelsDir, 'frog.gguf')))).toBe(digest);
  });
});

describe('a file lock', () => {
  it('is held by one at a time, also when many come and go', async () => {
    const path = join(modelsDir, 'x.lock');
    const { signal } = new AbortController();
    let holders = 0;
    let most = 0;
    const work = async () => {
      const release = await acquireFileLock(path, { signal });
      holders += 1;
      most = Math.max(most, holders);
      await new Promise(setImmediate);
      holders -= 1;
      await release();
    };
    await Promise.all([work(), work(), work(), work()]);
    expect(most).toBe(1);
    expect(await readdir(modelsDir)).toEqual([]);
  });

  it('is not waited for by someone who left', async () => {
    const path = join(modelsDir, 'x.lock');
    const release = await tryFileLock(path);
    const controller = new AbortController();
    const waiting = acquireFileLock(path, { signal: controller.signal, onWait: () => controller.abort() });
    await expect(waiting).rejects.toThrowError(/aborted/);
    await release?.();
  });
});
