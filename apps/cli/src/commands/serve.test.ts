import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { killProcesses, startProcess } from '../__fixtures__/start-process.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'anura-cli-serve-'));
});
afterEach(() => {
  killProcesses();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Without models, which this is not about. */
function serve(...args: string[]) {
  const quiet = ['--no-llama-enabled', '--no-discover-ollama', '--log-level', 'silent'];
  return startProcess(['serve', '--port', '0', '--data-dir', dataDir, ...quiet, ...args]);
}

const address = /listens at (http:\S+)/;

describe('anura serve', () => {
  test('prints a key that works, and ends in good order when it is told to stop', async () => {
    const { child, ended, prints } = serve();
    const url = await prints(address);
    const key = await prints(/ANURA_API_KEY=(anr_[0-9a-f]{64})/);
    const answer = await fetch(`${url}/api/v1/models`, { headers: { Authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, signal: null });
  });

  test('shows its key at the first start alone', async () => {
    const first = serve();
    await first.prints(/ANURA_API_KEY=anr_/);
    first.child.kill('SIGINT');
    await first.ended;
    const second = serve();
    await second.prints(address);
    second.child.kill('SIGINT');
    expect((await second.ended).output).not.toMatch(/anr_/);
  });

  test('ends when the launcher that started it is gone', async () => {
    const { child, ended, prints } = serve();
    await prints(address);
    child.disconnect();
    expect(await ended).toMatchObject({ code: 0 });
  });

  test('says in one line that the port is taken', async () => {
    const first = serve();
    const { port } = new URL(await first.prints(address));
    const { code, output, errors } = await serve('--port', port).ended;
    expect([code, output]).toEqual([1, '']);
    expect(errors).toMatch(/^error: Port \d+ is taken.*anura serve --port \d+\n$/);
  });

  test('gives programs one line of JSON', async () => {
    const { child, ended, prints } = serve('--json');
    await prints(/\n/);
    child.kill('SIGTERM');
    const { output } = await ended;
    expect(JSON.parse(output)).toEqual({ url: expect.stringMatching(/^http:/), key: expect.stringMatching(/^anr_/) });
  });
});
