import { GatewayError } from '../../errors/gateway-error.ts';
import type { Speech } from '../speech-engine.ts';
import { speechFault } from './audio/check-speech.ts';
import { joinSpeech, type SpokenPiece } from './audio/join-speech.ts';
import { writeWav } from './audio/wav.ts';
import { type Speaker, speechSampleRate } from './speaker.ts';
import type { CheckedSpeech } from './speech-request.ts';
import { splitSentences } from './text/sentences.ts';
import { saysSomething } from './text/speakable-text.ts';
import { throwIfAborted } from './thread/thread-pool.ts';

export interface SayOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: number) => void) | undefined;
}

/** Says a text sentence by sentence, in order, and checks the file that comes of it. */
export async function sayText(
  speaker: Speaker,
  request: CheckedSpeech,
  { signal, onProgress }: SayOptions,
): Promise<Speech> {
  const sentences = splitSentences(request.text, speaker.mostSentenceCharacters).filter(({ text }) =>
    saysSomething(text),
  );
  const total = sentences.reduce((sum, { text }) => sum + text.length, 0);
  const pieces: SpokenPiece[] = [];
  let said = 0;
  for (const { text, pauseSeconds } of sentences) {
    throwIfAborted(signal);
    const samples = await speaker.say({ text, voice: request.voice, speed: request.speed }, signal);
    pieces.push({ samples, pauseSeconds: pauseSeconds / request.speed });
    said += text.length;
    onProgress?.(said / total);
  }
  return soundFile(speaker, request, joinSpeech(pieces, speechSampleRate));
}

function soundFile(speaker: Speaker, { text, speed }: CheckedSpeech, samples: Float32Array): Speech {
  const bytes = writeWav({ samples, sampleRate: speechSampleRate });
  const fault = speechFault(bytes, { sampleRate: speechSampleRate, characters: text.length, speed });
  if (fault !== undefined) {
    const message = `The speech model ${speaker.model} made something that is not the speech asked for: ${fault}.`;
    throw new GatewayError('engine-failed', message, { retry: 'elsewhere' });
  }
  return { bytes, contentType: 'audio/wav', seconds: samples.length / speechSampleRate, sampleRate: speechSampleRate };
}
