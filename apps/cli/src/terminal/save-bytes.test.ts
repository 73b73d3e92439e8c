import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { Context } from '../context.ts';
import { saveBytes } from './save-bytes.ts';

test('without a name, each gets one of its own after the title', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'anura-save-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const context = { cwd, stdout: Object.assign(new PassThrough(), { isTTY: true }) } as unknown as Context;
  const save = (title: string, contentType: string) =>
    saveBytes(Uint8Array.of(1), { output: undefined, title, contentType }, context);
  expect(await save('A frog, in the pond at night', 'image/png')).toBe('a-frog-in-the.png');
  expect(await save('A frog in the rain', 'image/png')).toBe('a-frog-in-the-2.png');
  expect(await save('../../etc/passwd', 'audio/wav; x=1')).toBe('etc-passwd.wav');
  expect(await save('…', 'what/ever')).toBe('anura.bin');
  expect(readdirSync(cwd)).toHaveLength(4);
});

test('two that save at once get a name each, and a file that was named is replaced whole', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'anura-save-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const context = { cwd, stdout: Object.assign(new PassThrough(), { isTTY: true }) } as unknown as Context;
  const save = (byte: number, output?: string) =>
    saveBytes(Uint8Array.of(byte), { output, title: 'frog', contentType: 'image/png' }, context);
  const names = await Promise.all([1, 2, 3, 4].map((byte) => save(byte)));
  expect(names.toSorted()).toEqual(['frog-2.png', 'frog-3.png', 'frog-4.png', 'frog.png']);
  writeFileSync(join(cwd, 'mine.png'), 'older and longer');
  expect(await save(7, 'mine.png')).toBe('mine.png');
  expect([...readFileSync(join(cwd, 'mine.png'))]).toEqual([7]);
  await expect(save(1, 'no/such/folder.png')).rejects.toThrow('no/such/folder.png cannot be written (ENOENT).');
  expect(readdirSync(cwd)).toHaveLength(5);
});

test.skipIf(process.platform === 'win32')('a device stays a device (Windows has none)', async () => {
  const context = { cwd: '/', stdout: new PassThrough() } as unknown as Context;
  await saveBytes(Uint8Array.of(1), { output: '/dev/null', title: '', contentType: 'image/png' }, context);
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test.skipIf(process.platform === 'win32')(
  'a file that does not fit is not there, and the one it was to replace is',
  () => {
    const cwd = mkdtempSync(join(tmpdir(), 'anura-save-'));
    onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
    writeFileSync(join(cwd, 'frog.png'), 'older');
    const module = fileURLToPath(new URL('write-whole.ts', import.meta.url));
    // `ulimit -f` ends a write in the middle, as a full disk does: 8 blocks fit of 64.
    const script = `process.on('SIGXFSZ', () => {});
    const { writeWhole } = await import(${JSON.stringify(module)});
    await writeWhole('frog.png', Buffer.alloc(32_768)).catch((error) => console.log(error.code));`;
    const { stdout } = spawnSync(
      'sh',
      ['-c', 'ulimit -f 8; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', script],
      { cwd, encoding: 'utf8' },
    );
    expect(stdout).toBe('EFBIG\n');
    expect(readdirSync(cwd)).toEqual(['frog.png']);
    expect(readFileSync(join(cwd, 'frog.png'), 'utf8')).toBe('older');
  },
);
