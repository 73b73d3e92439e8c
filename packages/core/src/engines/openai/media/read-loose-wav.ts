/** Sound in one channel, −1 to 1. */
export interface LooseSound {
  readonly samples: Float32Array;
  /** Samples per second. */
  readonly sampleRate: number;
}

/**
 * Reads a WAV file as servers stream it: sizes of 0 or 0xFFFFFFFF in its header, because they were not known yet, mean "to
 * the end". 16 bit integers or 32 bit floats, channels mixed into one. Undefined when it is anything else.
 */
export function readLooseWav(bytes: Buffer): LooseSound | undefined {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') return undefined;
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (name === 'fmt ' && at + 24 <= bytes.length) format = readFormat(bytes, at + 8);
    if (name === 'data') return format && readSamples(bytes, at + 8, size, format);
    at += 8 + size + (size % 2);
  }
  return undefined;
}

interface Format {
  readonly coding: 'integer' | 'float';
  readonly channels: number;
  readonly sampleRate: number;
}

function readFormat(bytes: Buffer, at: number): Format | undefined {
  const [coding, channels, sampleRate, bits] = [
    bytes.readUInt16LE(at),
    bytes.readUInt16LE(at + 2),
    bytes.readUInt32LE(at + 4),
    bytes.readUInt16LE(at + 14),
  ];
  if (channels < 1 || channels > 8 || sampleRate < 8000 || sampleRate > 192_000) return undefined;
  if (coding === 3 && bits === 32) return { coding: 'float', channels, sampleRate };
  // 0xFFFE is the extensible form; with 16 bits it holds integers.
  return (coding === 1 || coding === 0xfffe) && bits === 16 ? { coding: 'integer', channels, sampleRate } : undefined;
}

function readSamples(
  bytes: Buffer,
  at: number,
  size: number,
  { coding, channels, sampleRate }: Format,
): LooseSound | undefined {
  const unknownSize = size === 0 || size >= 0xffff_ff00;
  const end = unknownSize ? bytes.length : at + size;
  // A size that is known and not reached means that the file was cut.
  if (end > bytes.length) return undefined;
  const sampleBytes = coding === 'float' ? 4 : 2;
  const read = (place: number) => (coding === 'float' ? bytes.readFloatLE(place) : bytes.readInt16LE(place) / 32_768);
  const frameBytes = sampleBytes * channels;
  const samples = Float32Array.from({ length: Math.floor((end - at) / frameBytes) }, (_, frame) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += read(at + frame * frameBytes + channel * sampleBytes);
    return sum / channels;
  });
  return samples.length > 0 ? { samples, sampleRate } : undefined;
}
