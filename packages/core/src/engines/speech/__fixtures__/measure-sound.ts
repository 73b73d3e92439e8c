import type { Sound } from '../audio/wav.ts';

const windowSeconds = 0.04;
const voiced = 0.5;

/** The middle pitch of the voiced parts, hertz, by autocorrelation between 60 and 400 Hz. */
export function medianPitch(sound: Sound): number {
  const pitches = windows(sound)
    .map((window) => windowPitch(window, sound.sampleRate))
    .filter((pitch) => pitch > 0)
    .sort((a, b) => a - b);
  return pitches[pitches.length >> 1] ?? 0;
}

/** How bright it sounds: the middle of the spectrum, weighted by power, hertz. */
export function spectralCentroid(sound: Sound): number {
  let [weighted, total] = [0, 0];
  for (const window of windows(sound)) {
    for (let hertz = 100; hertz <= 7_000; hertz += 100) {
      const power = powerAt(window, hertz / sound.sampleRate);
      weighted += hertz * power;
      total += power;
    }
  }
  return weighted / total;
}

/** The part of the power that lies within 50 Hz of a frequency. */
export function powerShare(sound: Sound, hertz: number): number {
  const total = sound.samples.reduce((sum, sample) => sum + sample * sample, 0);
  return (2 * powerAt(sound.samples, hertz / sound.sampleRate)) / (total * sound.samples.length);
}

function windows({ samples, sampleRate }: Sound): Float32Array[] {
  const length = Math.round(windowSeconds * sampleRate);
  const all = Array.from({ length: Math.floor(samples.length / length) }, (_, index) =>
    samples.subarray(index * length, (index + 1) * length),
  );
  return all.filter((window) => energy(window) > length * 0.0004);
}

function windowPitch(window: Float32Array, sampleRate: number): number {
  let [best, bestLag] = [voiced, 0];
  for (let lag = Math.floor(sampleRate / 400); lag <= sampleRate / 60 && lag < window.length; lag += 1) {
    const head = window.subarray(0, window.length - lag);
    const tail = window.subarray(lag);
    const product = head.reduce((sum, sample, index) => sum + sample * (tail[index] ?? 0), 0);
    const likeness = product / Math.sqrt(energy(head) * energy(tail));
    // A little more is asked of longer lags: whole multiples of a period fit as well as the period.
    if (likeness > best * 1.02) [best, bestLag] = [likeness, lag];
  }
  return bestLag === 0 ? 0 : sampleRate / bestLag;
}

function energy(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}

/** Power at one frequency, given in cycles a sample (Goertzel's sums, written out). */
function powerAt(samples: Float32Array, cycles: number): number {
  let [cosine, sine] = [0, 0];
  samples.forEach((sample, index) => {
    cosine += sample * Math.cos(2 * Math.PI * cycles * index);
    sine += sample * Math.sin(2 * Math.PI * cycles * index);
  });
  return cosine * cosine + sine * sine;
}
