import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { FolderArtifactStore } from '../../artifacts/folder-artifact-store.ts';
import { openSqliteStores } from '../../stores/sqlite/index.ts';

const kills = 6;

it('finishes every accepted job exactly once, however often the process is killed', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'anura-kill-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const lines: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const child = serve(dataDir, 1_000_000);
    await readUntil(child, lines, (line, read) => line.startsWith('accepted') && read >= 25);
  }
  // What is left is done by two processes at once.
  const isIdle = (line: string) => line === 'idle';
  await Promise.all([1, 2].map(() => readUntil(serve(dataDir, 0), lines, isIdle)));

  const accepted = idsOf(lines, 'accepted');
  expect(accepted.length).toBeGreaterThan(kills * 10);
  const stores = openSqliteStores({ dataDir });
  onTestFinished(() => stores.close());
  const artifacts = new FolderArtifactStore({ folder: join(dataDir, 'artifacts') });
  let videos = 0;
  for (const id of accepted) {
    const record = await stores.jobs.get(id);
    const ends = record?.history.filter(({ state }) => state === 'ResultsSubmitted');
    expect(record).toMatchObject({ state: 'ResultsSubmitted', failure: null });
    expect(ends).toHaveLength(1);
    expect(await artifacts.find(record?.artifactId ?? 'none')).toMatchObject({ sizeBytes: record?.result?.size_bytes });
    expect(await stores.webhooks.list(id)).toHaveLength(1);
    if (record?.kind === 'video') videos++;
  }
  // A video is begun again only where the process died between its beginning and the note about it.
  const begun = idsOf(lines, 'started').filter((id) => accepted.includes(id)).length;
  expect(begun).toBeGreaterThanOrEqual(videos);
  expect(begun).toBeLessThanOrEqual(videos + kills * 4);
}, 60_000);

function serve(dataDir: string, count: number): ChildProcess {
  const script = new URL('./__fixtures__/serve-jobs.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, dataDir, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Collects lines until one is enough, then kills the process and collects what it had written; a line cut off was not said. */
async function readUntil(
  child: ChildProcess,
  lines: string[],
  isEnough: (line: string, read: number) => boolean,
): Promise<void> {
  let text = '';
  let read = 0;
  child.stdout?.on('data', (data) => {
    text += data;
    const whole = text.split('\n');
    text = whole.pop() ?? '';
    for (const line of whole) {
      lines.push(line);
      if (isEnough(line, ++read)) child.kill('SIGKILL');
    }
  });
  await new Promise((resolve) => child.once('close', resolve));
  expect(read).toBeGreaterThan(0);
}

function idsOf(lines: readonly string[], word: string): string[] {
  return lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
}
