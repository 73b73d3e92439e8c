import { readRiff } from './riff.ts';

/** Why these bytes are not one whole WAV of uncompressed sound; nothing when they are. */
export function whyNotWav(bytes: Uint8Array): string | undefined {
  const chunks = readRiff(bytes, 'WAVE');
  if (typeof chunks === 'string') return chunks;
  const format = chunks.find(({ name }) => name === 'fmt ')?.content;
  const sound = chunks.find(({ name }) => name === 'data')?.content;
  if (!format || format.byteLength < 16) return 'it does not say how its sound is written';
  const view = new DataView(format.buffer, format.byteOffset, format.byteLength);
  const [encoding, channels, rate, frameBytes] = [
    view.getUint16(0, true),
    view.getUint16(2, true),
    view.getUint32(4, true),
    view.getUint16(12, true),
  ];
  if (encoding !== pcm && encoding !== float && encoding !== extensible) return `its sound is compressed (${encoding})`;
  if (channels === 0 || rate === 0 || frameBytes === 0) return 'it does not say how its sound is written';
  if (!sound || sound.byteLength === 0) return 'it holds no sound';
  return sound.byteLength % frameBytes === 0 ? undefined : 'its sound ends within a sample';
}

/** Format tags, RFC 2361. */
const pcm = 1;
const float = 3;
const extensible = 0xfffe;
