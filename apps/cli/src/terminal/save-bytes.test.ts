import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
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
