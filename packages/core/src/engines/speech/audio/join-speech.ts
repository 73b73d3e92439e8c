/** Samples below this are silence, about −46 dB. */
const silence = 0.005;
/** What is left of the silence around each piece, so that soft beginnings are not cut. */
const marginSeconds = 0.03;
/** Loudness to reach, about −20 dB, without a sample beyond the peak. */
const targetRms = 0.1;
const highestPeak = 0.95;

export interface SpokenPiece {
  readonly samples: Float32Array;
  /** Silence to follow, seconds; after the last piece it is left out. */
  readonly pauseSeconds: number;
}

/** Puts spoken pieces one after the other: their own edges trimmed, the pauses between them even, the whole at one loudness. */
export function joinSpeech(pieces: readonly SpokenPiece[], sampleRate: number): Float32Array {
  const margin = Math.round(marginSeconds * sampleRate);
  const trimmed = pieces.map(({ samples }) => trimSilence(samples, margin));
  const pauses = pieces.map(({ pauseSeconds }, index) =>
    index === pieces.length - 1 ? 0 : Math.round(pauseSeconds * sampleRate),
  );
  const length = trimmed.reduce((sum, { length }, index) => sum + length + (pauses[index] ?? 0), 0);
  const joined = new Float32Array(length);
  let at = 0;
  for (const [index, samples] of trimmed.entries()) {
    joined.set(samples, at);
    at += samples.length + (pauses[index] ?? 0);
  }
  level(joined);
  return joined;
}

function trimSilence(samples: Float32Array, margin: number): Float32Array {
  const first = samples.findIndex((sample) => Math.abs(sample) > silence);
  const last = samples.findLastIndex((sample) => Math.abs(sample) > silence);
  return first < 0 ? samples.subarray(0, 0) : samples.subarray(Math.max(0, first - margin), last + 1 + margin);
}

/** In place: minutes of sound are tens of megabytes. */
function level(samples: Float32Array): void {
  const { rms, peak } = loudness(samples);
  const gain = peak === 0 ? 1 : Math.min(targetRms / rms, highestPeak / peak);
  for (let index = 0; index < samples.length; index += 1) samples[index] = (samples[index] ?? 0) * gain;
}

/** Root mean square and largest absolute value. */
export function loudness(samples: Float32Array): { rms: number; peak: number } {
  let [squares, peak] = [0, 0];
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] ?? 0;
    squares += sample * sample;
    peak = Math.max(peak, Math.abs(sample));
  }
  return { rms: Math.sqrt(squares / Math.max(1, samples.length)), peak };
}
