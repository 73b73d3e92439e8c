import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { GatewayError } from '@anura/core';

/** The forms a recording can have, as OpenAI names them. */
export type SpeechFormat = 'wav' | 'pcm' | 'mp3' | 'opus' | 'aac' | 'flac';

export interface Recording {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** What ffmpeg is told to make, and what it is called on the wire. */
const encodings = {
  mp3: { contentType: 'audio/mpeg', args: ['-f', 'mp3', '-b:a', '64k'] },
  opus: { contentType: 'audio/ogg', args: ['-c:a', 'libopus', '-b:a', '48k', '-f', 'ogg'] },
  aac: { contentType: 'audio/aac', args: ['-c:a', 'aac', '-f', 'adts'] },
  flac: { contentType: 'audio/flac', args: ['-f', 'flac'] },
} as const;

const longestMs = 60_000;

/**
 * A WAV in another form. `pcm` is its samples without the header; all but `wav` and `pcm` need ffmpeg on this machine.
 *
 * @throws GatewayError `invalid-request` naming `response_format` where ffmpeg is not there, `internal` where it fails.
 */
export async function encodeSpeech(wav: Uint8Array, format: SpeechFormat, signal: AbortSignal): Promise<Recording> {
  if (format === 'wav') return { bytes: wav, contentType: 'audio/wav' };
  if (format === 'pcm') return { bytes: samplesOf(wav), contentType: 'audio/pcm' };
  const { contentType, args } = encodings[format];
  return { bytes: await ffmpeg(wav, args, signal), contentType };
}

/**
 * Whether ffmpeg can be started here.
 *
 * @throws GatewayError `invalid-request` naming `response_format` where it cannot.
 */
export async function checkSpeechFormat(format: SpeechFormat): Promise<void> {
  if (format === 'wav' || format === 'pcm') return;
  const child = spawn('ffmpeg', ['-version'], { stdio: 'ignore' });
  await once(child, 'exit').catch(() => {
    throw needsFfmpeg(format);
  });
}

/** The contents of the `data` chunk of a RIFF file. */
function samplesOf(wav: Uint8Array): Uint8Array {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  for (let at = 12; at + 8 <= wav.length; ) {
    const sizeBytes = view.getUint32(at + 4, true);
    if (Buffer.from(wav.subarray(at, at + 4)).toString('latin1') === 'data')
      return wav.subarray(at + 8, at + 8 + sizeBytes);
    at += 8 + sizeBytes + (sizeBytes % 2);
  }
  throw new GatewayError('internal', 'The recording has no samples.');
}

async function ffmpeg(wav: Uint8Array, args: readonly string[], signal: AbortSignal): Promise<Uint8Array> {
  const child = spawn(
    'ffmpeg',
    ['-hide_banner', '-loglevel', 'error', '-f', 'wav', '-i', 'pipe:0', ...args, 'pipe:1'],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(longestMs)]),
      killSignal: 'SIGKILL',
    },
  );
  const ended = once(child, 'exit') as Promise<[number | null]>;
  child.stdin.on('error', () => {}); // it left before it had read everything: its exit says why
  child.stdin.end(wav);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [, [status]] = await Promise.all([once(child.stdout, 'close'), ended]);
  if (status !== 0) throw new GatewayError('internal', 'ffmpeg could not make this format of the recording.');
  return Buffer.concat(chunks);
}

const needsFfmpeg = (format: string): GatewayError =>
  new GatewayError(
    'invalid-request',
    `response_format ${format} needs ffmpeg on the server, which is not there. Ask for wav or pcm, or have the operator install it.`,
    { param: 'response_format' },
  );
