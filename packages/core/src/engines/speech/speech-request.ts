import { GatewayError } from '../../errors/gateway-error.ts';
import { type SpeechRequest, type SpeechVoice, speechVoices } from '../speech-engine.ts';
import { saysSomething, speakableText } from './text/speakable-text.ts';

/** OpenAI's limit for one request. */
export const mostInputCharacters = 4096;

const slowest = 0.25;
const fastest = 4;

export interface CheckedSpeech {
  /** Printable ASCII with something to say in it. */
  readonly text: string;
  readonly voice: SpeechVoice;
  readonly speed: number;
}

/** @throws GatewayError `invalid-request` naming the field at fault and what it may be. */
export function checkSpeechRequest({ input, voice, speed = 1 }: SpeechRequest): CheckedSpeech {
  if (!isVoice(voice)) throw invalid('voice', `must be one of ${speechVoices.join(', ')}`);
  if (!(speed >= slowest && speed <= fastest)) throw invalid('speed', `must be a number from ${slowest} to ${fastest}`);
  return { text: checkInput(input), voice, speed };
}

function checkInput(input: string): string {
  // As the wire counts: characters, not UTF-16 halves of them.
  const characters = [...input].length;
  if (characters > mostInputCharacters) {
    throw invalid('input', `must have at most ${mostInputCharacters} characters; it has ${characters}`);
  }
  const { text, unreadable } = speakableText(input);
  if (unreadable !== undefined) {
    throw invalid('input', `must be in Latin letters, which are read as English; it has “${unreadable}”`);
  }
  if (!saysSomething(text)) throw invalid('input', 'must hold at least one letter or digit to say');
  return text;
}

function isVoice(voice: string): voice is SpeechVoice {
  return (speechVoices as readonly string[]).includes(voice);
}

function invalid(param: string, expectation: string): GatewayError {
  return new GatewayError('invalid-request', `\`${param}\` ${expectation}.`, { param });
}
