/** Sound as the rest of this folder handles it: one channel, −1 to 1. */
export interface Sound {
  readonly samples: Float32Array;
  /** Samples per second. */
  readonly sampleRate: number;
}

const headerBytes = 44;

/** A RIFF/WAVE file, mono, 16 bit. Samples beyond ±1 are clipped. */
export function writeWav({ samples, sampleRate }: Sound): Uint8Array {
  const bytes = new Uint8Array(headerBytes + samples.length * 2);
  const view = new DataView(bytes.buffer);
  bytes.set(ascii('RIFF'), 0);
  view.setUint32(4, bytes.length - 8, true);
  bytes.set(ascii('WAVEfmt '), 8);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  bytes.set(ascii('data'), 36);
  view.setUint32(40, samples.length * 2, true);
  for (let index = 0; index < samples.length; index += 1) {
    const sample = Math.max(-1, Math.min(1, samples[index] ?? 0));
    view.setInt16(headerBytes + index * 2, Math.round(sample * 32_767), true);
  }
  return bytes;
}

/**
 * Reads a RIFF/WAVE file, mono, 16 bit; chunks it does not know are passed over.
 *
 * @throws Error saying what is wrong with the bytes.
 */
export function readWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (tag(bytes, 0) !== 'RIFF' || tag(bytes, 8) !== 'WAVE') throw new Error('it does not begin like a WAV file');
  let sampleRate: number | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = tag(bytes, at);
    const size = view.getUint32(at + 4, true);
    if (at + 8 + size > bytes.length) throw new Error(`its part ${JSON.stringify(name)} is cut off`);
    if (name === 'fmt ') sampleRate = readFormat(view, at + 8, size);
    if (name === 'data') {
      if (sampleRate === undefined) throw new Error('its samples come before their format');
      return { samples: readSamples(view, at + 8, size), sampleRate };
    }
    at += 8 + size + (size % 2);
  }
  throw new Error('it holds no samples');
}

function readFormat(view: DataView, at: number, size: number): number {
  if (size < 16) throw new Error('its format is cut off');
  const [coding, channels, bits] = [
    view.getUint16(at, true),
    view.getUint16(at + 2, true),
    view.getUint16(at + 14, true),
  ];
  if (coding === 1 && channels === 1 && bits === 16) return view.getUint32(at + 4, true);
  throw new Error(`it has coding ${coding}, ${channels} channels of ${bits} bit, not 16 bit mono`);
}

function readSamples(view: DataView, at: number, size: number): Float32Array {
  const samples = new Float32Array(size >> 1);
  for (let index = 0; index < samples.length; index += 1) samples[index] = view.getInt16(at + index * 2, true) / 32_767;
  return samples;
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function tag(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
