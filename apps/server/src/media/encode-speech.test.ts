import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkSpeechFormat, encodeSpeech } from './encode-speech.ts';

const { signal } = new AbortController();

/** A tenth of a second of silence at 24 kHz, with a chunk of notes before the samples, as some writers put one. */
function silence(): Buffer {
  const samples = Buffer.alloc(4800);
  const chunk = (name: string, content: Buffer) => {
    const head = Buffer.alloc(8);
    head.write(name, 'latin1');
    head.writeUInt32LE(content.length, 4);
    return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
  };
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(24_000, 4);
  format.writeUInt32LE(48_000, 8);
  format.writeUInt16LE(2, 12);
  format.writeUInt16LE(16, 14);
  const body = [Buffer.from('WAVE'), chunk('fmt ', format), chunk('junk', Buffer.from('odd')), chunk('data', samples)];
  return chunk('RIFF', Buffer.concat(body));
}

test('wav is as it was', async () => {
  const wav = silence();
  expect(await encodeSpeech(wav, 'wav', signal)).toEqual({ bytes: wav, contentType: 'audio/wav' });
});

test('pcm is the samples alone, whatever chunks stand before them', async () => {
  const { bytes, contentType } = await encodeSpeech(silence(), 'pcm', signal);
  expect([bytes.length, contentType]).toEqual([4800, 'audio/pcm']);
});

test('what is no recording has no samples', async () => {
  await expect(encodeSpeech(Buffer.from('RIFFxxxxWAVE'), 'pcm', signal)).rejects.toMatchObject({ code: 'internal' });
});

test('mp3 is made by ffmpeg, or refused where there is none', async () => {
  const isThere = await checkSpeechFormat('mp3').then(
    () => true,
    () => false,
  );
  if (!isThere) return expect(checkSpeechFormat('mp3')).rejects.toMatchObject({ code: 'invalid-request' });
  const { bytes, contentType } = await encodeSpeech(silence(), 'mp3', signal);
  expect(contentType).toBe('audio/mpeg');
  expect(bytes.length).toBeGreaterThan(100);
  await expect(encodeSpeech(Buffer.from('no recording'), 'mp3', signal)).rejects.toMatchObject({ code: 'internal' });
});

describe('without ffmpeg', () => {
  const before = process.env['PATH'];
  beforeEach(() => {
    process.env['PATH'] = '/nowhere';
  });
  afterEach(() => {
    process.env['PATH'] = before;
  });

  test.each(['mp3', 'opus', 'aac', 'flac'] as const)('%s is refused saying what to do', async (format) => {
    await expect(checkSpeechFormat(format)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('wav or pcm'),
      data: { param: 'response_format' },
    });
  });

  test('wav and pcm need none', async () => {
    await expect(Promise.all([checkSpeechFormat('wav'), checkSpeechFormat('pcm')])).resolves.toBeDefined();
  });
});
