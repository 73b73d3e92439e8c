export interface Recording {
  readonly samplesPerSecond: number;
  readonly durationSeconds: number;
  /** From 0 for silence to 1. */
  readonly loudest: number;
  /** As they lie in the file, 16 bits each. */
  readonly samples: Buffer;
}

const headerBytes = 44;

/** Reads a WAV as the server makes it: one channel, 16 bits a sample. Throws for any other file, and for one cut off. */
export function readRecording(bytes: Uint8Array): Recording {
  const file = Buffer.from(bytes);
  const named = (at: number) => file.toString('latin1', at, at + 4);
  if (named(0) !== 'RIFF' || named(8) !== 'WAVE' || named(12) !== 'fmt ' || named(36) !== 'data')
    throw new Error('This is no WAV with a plain header.');
  if (file.readUInt16LE(22) !== 1 || file.readUInt16LE(34) !== 16)
    throw new Error('This WAV is not mono with 16 bits.');
  const samples = file.subarray(headerBytes);
  if (file.readUInt32LE(40) !== samples.length) throw new Error('This WAV is not as long as it says.');
  const samplesPerSecond = file.readUInt32LE(24);
  let peak = 0;
  for (let at = 0; at + 1 < samples.length; at += 2) peak = Math.max(peak, Math.abs(samples.readInt16LE(at)));
  const durationSeconds = samples.length / 2 / samplesPerSecond;
  return { samplesPerSecond, durationSeconds, loudest: peak / 32_768, samples };
}
