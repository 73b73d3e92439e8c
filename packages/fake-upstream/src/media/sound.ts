import { hashText } from '../random.ts';

const sampleRate = 24_000;
const secondsPerWord = 0.12;
const secondsBetweenWords = 0.03;

/** A WAV file, 24 kHz mono 16 bit: one tone per word, its pitch from the word and the voice. */
export function makeWav(text: string, voice: string): Buffer {
  const spoken = text.split(/\s+/).filter((word) => word !== '');
  const samples = spoken.flatMap((word) => [...tone(word, voice), ...silence()]);
  const data = Buffer.alloc(samples.length * 2);
  for (const [index, sample] of samples.entries()) data.writeInt16LE(Math.round(sample * 32_767), index * 2);
  return Buffer.concat([wavHeader(data.length), data]);
}

function tone(word: string, voice: string): number[] {
  const hertz = 160 + (hashText(voice) % 120) + (hashText(word) % 200);
  const length = Math.floor(sampleRate * secondsPerWord);
  return Array.from({ length }, (_, index) => {
    const fade = Math.sin((Math.PI * index) / length);
    return 0.3 * fade * Math.sin((2 * Math.PI * hertz * index) / sampleRate);
  });
}

const silence = () => new Array<number>(Math.floor(sampleRate * secondsBetweenWords)).fill(0);

function wavHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // one channel
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
