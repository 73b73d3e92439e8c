import { loudness } from './join-speech.ts';
import { readWav } from './wav.ts';

export interface SpeechExpectation {
  /** Samples per second. */
  readonly sampleRate: number;
  /** Of the text that was said. */
  readonly characters: number;
  /** How fast it was said. */
  readonly speed: number;
}

/** Anything shorter is a click. */
const leastSeconds = 0.05;
/** Digits and symbols are spoken as words: `%` takes a second. */
const mostSecondsPerCharacter = 2;
/** About −60 dB over the whole file. */
const leastRms = 0.001;

/** Why these bytes are not the speech that was promised, or nothing. */
export function speechFault(bytes: Uint8Array, expected: SpeechExpectation): string | undefined {
  let sound: ReturnType<typeof readWav>;
  try {
    sound = readWav(bytes);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const seconds = sound.samples.length / sound.sampleRate;
  const mostSeconds = 1 + (expected.characters * mostSecondsPerCharacter) / expected.speed;
  if (sound.sampleRate !== expected.sampleRate) return `it has ${sound.sampleRate} samples a second`;
  if (seconds < leastSeconds) return `it lasts only ${seconds.toFixed(3)} s`;
  if (seconds > mostSeconds) return `it lasts ${seconds.toFixed(1)} s for ${expected.characters} characters`;
  if (loudness(sound.samples).rms < leastRms) return 'it is silence';
  return undefined;
}
