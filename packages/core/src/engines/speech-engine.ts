import type { EngineCall } from './engine-call.ts';

/** The voices every speech model answers to; each model has its own people behind the names. */
export const speechVoices = ['heart', 'puck', 'fenrir', 'bella'] as const;

export type SpeechVoice = (typeof speechVoices)[number];

/** What to say. Wire spelling. */
export interface SpeechRequest {
  readonly model: string;
  /** 1 to 4096 characters; the wire's own `/audio/create-job` takes 420. */
  readonly input: string;
  /** One of `speechVoices`. */
  readonly voice: string;
  /** 0.25 to 4: how fast, 1 being the voice's own pace. Default 1. */
  readonly speed?: number | undefined;
}

export interface SpeechCall extends EngineCall {
  /** Called after each sentence with the part done, above 0 and at most 1, never falling. */
  readonly onProgress?: (progress: number) => void;
}

export interface Speech {
  /** A whole RIFF file, 24 kHz, mono, 16 bit, that was read back once to be sure. */
  readonly bytes: Uint8Array;
  readonly contentType: 'audio/wav';
  readonly seconds: number;
  /** Samples per second. */
  readonly sampleRate: number;
}

/**
 * Reads text aloud.
 *
 * `speech` rejects with a `GatewayError`: `invalid-request` naming the field, `engine-failed` where the model is damaged or
 * says nothing, `engine-timeout` where a sentence takes too long, `cancelled` within 100 ms after `call.signal` aborts.
 */
export interface SpeechEngine {
  /**
   * Refuses what `speech` would refuse before any work, so that a job need not be accepted only to fail. Quick.
   *
   * @throws GatewayError `invalid-request` naming the field.
   */
  admit(request: SpeechRequest, call: EngineCall): void;
  speech(request: SpeechRequest, call: SpeechCall): Promise<Speech>;
}
