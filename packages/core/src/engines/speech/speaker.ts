import type { SpeechVoice } from '../speech-engine.ts';

/** Of everything this folder makes, samples per second. */
export const speechSampleRate = 24_000;

/** One sentence to say. */
export interface Saying {
  /** Printable ASCII, one line, with a letter or digit in it. */
  readonly text: string;
  readonly voice: SpeechVoice;
  readonly speed: number;
}

/** One model that can speak. Whoever makes it closes it. */
export interface Speaker {
  /** The name callers use. */
  readonly model: string;
  /** Longer sentences are cut before they come here, characters. */
  readonly mostSentenceCharacters: number;
  /** Sentences at the same time. */
  readonly slots: number;
  /** Samples at `speechSampleRate`. Throws a `GatewayError`; soon after the signal aborts, its reason. */
  say(saying: Saying, signal: AbortSignal): Promise<Float32Array>;
  close(): Promise<void>;
}
