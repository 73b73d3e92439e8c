/** Zero crossings of the sinc on each side: 16 keep the passband flat to 0.1 dB and aliases below −70 dB. */
const halfWidth = 16;
/** Kaiser's β for about −80 dB. */
const kaiserBeta = 8;
/** Part of the band that is kept, leaving the filter room to fall. */
const passband = 0.94;

/**
 * Converts samples from one rate to another (whole numbers, hertz) with a windowed-sinc filter, one set of weights for each
 * phase in which output samples can fall between input samples.
 */
export function resample(samples: Float32Array, fromRate: number, toRate: number): Float32Array {
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const [up, down] = [toRate / divisor, fromRate / divisor];
  if (up === down) return samples;
  const cutoff = passband * Math.min(1, up / down);
  const reach = Math.ceil(halfWidth / Math.min(1, up / down));
  const phases = Array.from({ length: up }, (_, phase) => phaseWeights(phase / up, cutoff, reach));
  const output = new Float32Array(Math.ceil((samples.length * up) / down));
  for (let index = 0; index < output.length; index += 1) {
    const position = index * down;
    const weights = phases[position % up] ?? phaseWeights(0, cutoff, reach);
    output[index] = weighted(samples, Math.floor(position / up) - reach + 1, weights);
  }
  return output;
}

/** Weights of the `2 × reach` input samples around an output sample that lies `fraction` behind one of them; they add up to 1. */
function phaseWeights(fraction: number, cutoff: number, reach: number): Float32Array {
  const weights = Float32Array.from({ length: 2 * reach }, (_, tap) => {
    const distance = tap - reach + 1 - fraction;
    return sinc(distance * cutoff) * kaiser(distance / reach);
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function weighted(samples: Float32Array, first: number, weights: Float32Array): number {
  let sum = 0;
  const from = Math.max(0, -first);
  const to = Math.min(weights.length, samples.length - first);
  for (let tap = from; tap < to; tap += 1) sum += (samples[first + tap] ?? 0) * (weights[tap] ?? 0);
  return sum;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(kaiserBeta * Math.sqrt(1 - x * x)) / bessel(kaiserBeta);
}

/** The modified Bessel function of the first kind, order 0, as its power series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-10; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
