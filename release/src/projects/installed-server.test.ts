import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startInstalledServer } from './installed-server.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anura-npx-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An npx of our own, which ends before its child does, as the real one. */
function start(program: string) {
  writePrograms(program);
  return startInstalledServer(folder, env());
}

function writePrograms(program: string) {
  writeFileSync(join(folder, 'program.mjs'), program);
  writeFileSync(join(folder, 'npx'), `#!/bin/sh\nnode ${join(folder, 'program.mjs')} & wait\n`);
  chmodSync(join(folder, 'npx'), 0o755);
}

const env = () => ({ PATH: `${folder}:${dirname(process.execPath)}:/usr/bin:/bin` });

const hasEnded = () => {
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
};

it('takes what the server prints, and waits until all that was started has ended', async () => {
  const server = await start(`
    import { writeFileSync } from 'node:fs';
    writeFileSync('pid', String(process.pid));
    process.on('SIGTERM', () => setTimeout(() => process.exit(), 300));
    setInterval(() => {}, 1000);
    console.log(JSON.stringify({ url: 'http://127.0.0.1:1', key: 'anr_1' }));
  `);
  expect(server.env).toEqual({ ANURA_URL: 'http://127.0.0.1:1', ANURA_API_KEY: 'anr_1' });
  await server[Symbol.asyncDispose]();
  hasEnded();
});

it('leaves nothing running when the process that started it exits', async () => {
  writePrograms(`
    import { writeFileSync } from 'node:fs';
    writeFileSync('pid', String(process.pid));
    process.on('SIGTERM', () => {});
    setInterval(() => {}, 1000);
    console.log(JSON.stringify({ url: 'http://127.0.0.1:1', key: 'anr_1' }));
  `);
  const starter = `
    import { startInstalledServer } from ${JSON.stringify(import.meta.resolve('./installed-server.ts'))};
    await startInstalledServer(${JSON.stringify(folder)}, process.env);
    process.exit(3);
  `;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', starter], { env: env() });
  expect(status, String(stderr)).toBe(3);
  await vi.waitFor(hasEnded, 20_000); // until whoever inherits it has noticed
});

it('says what was printed when nothing begins to listen', async () => {
  await expect(start('console.error("no such model"); process.exitCode = 1;')).rejects.toThrow(
    /did not begin to listen\n[\s\S]*no such model/,
  );
});
