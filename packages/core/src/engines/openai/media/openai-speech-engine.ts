import { GatewayError } from '../../../errors/gateway-error.ts';
import { resample } from '../../speech/audio/resample.ts';
import { writeWav } from '../../speech/audio/wav.ts';
import {
  type Speech,
  type SpeechCall,
  type SpeechEngine,
  type SpeechRequest,
  speechVoices,
} from '../../speech-engine.ts';
import type { EngineParts } from '../engine-parts.ts';
import { readBytes } from '../upstream/read-body.ts';
import { mediaCall } from '../watched-call.ts';
import { readLooseWav } from './read-loose-wav.ts';

const maxAnswerBytes = 128 * 1024 * 1024;
const mostInputCharacters = 4096;
const sampleRate = 24_000;

/** Kokoro's own names, as Kokoro-FastAPI and LocalAI want them. Other models get the plain name. */
const kokoroVoices: Record<string, string> = {
  heart: 'af_heart',
  puck: 'am_puck',
  fenrir: 'am_fenrir',
  bella: 'af_bella',
};

/** Speech from an upstream's `/audio/speech`, brought to 24 kHz mono. Progress is told once, at the end. */
export class OpenAISpeechEngine implements SpeechEngine {
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  admit({ input, voice, speed = 1 }: SpeechRequest): void {
    const characters = [...input].length;
    if (!/[\p{L}\p{N}]/u.test(input)) throw invalid('input', 'must hold at least one letter or digit to say');
    if (characters > mostInputCharacters)
      throw invalid('input', `must have at most ${mostInputCharacters} characters; it has ${characters}`);
    if (!speechVoices.some((one) => one === voice)) throw invalid('voice', `must be one of ${speechVoices.join(', ')}`);
    if (!(speed >= 0.25 && speed <= 4)) throw invalid('speed', 'must be a number from 0.25 to 4');
  }

  async speech(request: SpeechRequest, call: SpeechCall): Promise<Speech> {
    this.admit(request);
    const { upstream } = this.#parts;
    const { model } = this.#parts.target(call.offer.model);
    const { input, speed = 1 } = request;
    const voice = /kokoro/i.test(model) ? kokoroVoices[request.voice] : request.voice;
    // `stream: false` makes Kokoro-FastAPI write a header with true sizes.
    const json = { model, input, voice, speed, response_format: 'wav', stream: false };
    const bytes = await mediaCall(this.#parts, call.signal, async (signal) => {
      const { body } = await upstream.send({ method: 'POST', path: '/audio/speech', json, signal });
      return readBytes(body, maxAnswerBytes);
    });
    const speech = this.#readSpeech(bytes);
    call.onProgress?.(1);
    return speech;
  }

  #readSpeech(bytes: Buffer): Speech {
    const sound = readLooseWav(bytes);
    if (!sound) throw this.#parts.upstream.unreadable('sent speech that is no whole WAV file');
    const samples = resample(sound.samples, sound.sampleRate, sampleRate);
    return {
      bytes: writeWav({ samples, sampleRate }),
      contentType: 'audio/wav',
      seconds: samples.length / sampleRate,
      sampleRate,
    };
  }
}

const invalid = (param: string, expectation: string) =>
  new GatewayError('invalid-request', `\`${param}\` ${expectation}.`, { param });
