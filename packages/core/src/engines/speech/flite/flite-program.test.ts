import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { speakArguments } from './flite-program.ts';
import { FliteSpeaker } from './flite-speaker.ts';
import { MemoryFiles } from './memory-files.ts';

const speaker = new FliteSpeaker({ slots: 1, idleMs: 60_000, sentenceTimeoutMs: 30_000 });
afterAll(() => speaker.close());
const signal = new AbortController().signal;

describe('Flite', () => {
  it('gives the phones of a text with their stress', async () => {
    expect(await speaker.phones('Hello, button', signal)).toEqual('pau hh ax0 l ow1 pau b ah1 t ax0 n pau'.split(' '));
  });

  it('takes a text that looks like an option as text', async () => {
    const phones = await speaker.phones('-voice kal', signal);
    expect(phones.join(' ')).toBe('pau v oy1 s k ae1 l pau');
  });

  it('is asked for formants by saying it slower and deeper, to be played faster', () => {
    const words = speakArguments('Hi.', { speaker: 'slt', pitch: 1.2, pace: 1, formants: 1.2 }, 2);
    expect(words.join(' ')).toBe(
      'flite -voice slt --setf duration_stretch=0.6000 --setf f0_shift=1.0000 -t Hi. -o /speech.wav',
    );
  });

  it('prints nothing in the user’s terminal, and lets the process end', () => {
    const script = `
      import { FliteSpeaker } from ${JSON.stringify(new URL('./flite-speaker.ts', import.meta.url).href)};
      const speaker = new FliteSpeaker({ slots: 1, idleMs: 600000, sentenceTimeoutMs: 30000 });
      const saying = { text: 'Hello.', voice: 'heart', speed: 1 };
      const samples = await speaker.say(saying, new AbortController().signal);
      process.exitCode = samples.length > 5000 ? 0 : 1;`;
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      encoding: 'utf8',
      timeout: 25_000,
    });
    expect(run).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });
});

describe('files in memory', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  it('are there only once they were made', () => {
    const files = new MemoryFiles(100);
    expect(files.open('etc/passwd', false)).toBeUndefined();
    expect(files.open('a', true)).toBe(4);
    expect(files.open('a', false)).toBe(5);
  });

  it('can be written over at an earlier place, as WAV writers do', () => {
    const files = new MemoryFiles(100);
    const descriptor = files.open('a', true) ?? 0;
    files.write(descriptor, bytes('____ sound'));
    expect(files.seek(descriptor, 0, 0)).toBe(0);
    files.write(descriptor, bytes('head'));
    expect(files.seek(descriptor, 0, 2)).toBe(10);
    expect(files.close(descriptor)).toBe(true);
    expect(Buffer.from(files.read('a') ?? []).toString()).toBe('head sound');
  });

  it('refuse to grow beyond the limit and to be used once closed', () => {
    const files = new MemoryFiles(10);
    const descriptor = files.open('a', true) ?? 0;
    expect(files.write(descriptor, bytes('eleven char'))).not.toBe(0);
    expect(files.seek(descriptor, 11, 0)).toBeUndefined();
    files.close(descriptor);
    expect(files.write(descriptor, bytes('a'))).not.toBe(0);
    expect(files.close(descriptor)).toBe(false);
  });
});
