import { readFile } from 'node:fs/promises';
import { GatewayError } from '../../../errors/gateway-error.ts';
import type { SpeechVoice } from '../../speech-engine.ts';
import type { Saying, Speaker } from '../speaker.ts';
import { SpeechThread } from '../thread/speech-thread.ts';
import { ThreadPool } from '../thread/thread-pool.ts';
import type { KokoroFiles } from './kokoro-files.ts';
import type { KokoroRequest, KokoroThreadData } from './kokoro-thread-main.ts';
import { pausedWords, wordSymbols } from './spoken-words.ts';
import { symbolNumbers } from './symbol-numbers.ts';
import { voiceStyle } from './voice-style.ts';

export interface KokoroOptions {
  readonly files: KokoroFiles;
  /** Phones of a text as Flite prints them: Kokoro reads sounds, not letters. */
  readonly phones: (text: string, signal: AbortSignal) => Promise<readonly string[]>;
  /** For one operator. */
  readonly threads: number;
  /** Milliseconds after which the unused model is put away. */
  readonly idleMs: number;
  /** Longest time for one sentence, milliseconds. */
  readonly sentenceTimeoutMs: number;
}

/**
 * Kokoro through onnxruntime, one sentence at a time in a thread of its own. A sentence whose caller left is finished for
 * nobody: native code cannot be stopped, and opening the model again takes longer.
 */
export class KokoroSpeaker implements Speaker {
  readonly model = 'kokoro';
  readonly mostSentenceCharacters = 280;
  readonly slots = 1;
  readonly files: KokoroFiles;
  readonly #phones: KokoroOptions['phones'];
  readonly #pool: ThreadPool;
  readonly #voices = new Map<SpeechVoice, Uint8Array>();

  constructor({ files, phones, threads, idleMs, sentenceTimeoutMs }: KokoroOptions) {
    this.files = files;
    this.#phones = phones;
    const workerData: KokoroThreadData = { modelPath: files.modelPath, threads };
    const entry = new URL('./kokoro-thread-main', import.meta.url);
    this.#pool = new ThreadPool({
      name: this.model,
      makeThread: async () => new SpeechThread({ name: this.model, entry, workerData }),
      size: this.slots,
      idleMs,
      timeoutMs: sentenceTimeoutMs,
      onAbort: 'finish',
    });
  }

  /** Whether the model is in memory. */
  get loaded(): boolean {
    return this.#pool.size > 0;
  }

  async say({ text, voice, speed }: Saying, signal: AbortSignal): Promise<Float32Array> {
    const phones = await this.#phones(pausedWords(text), signal);
    const inputs = symbolNumbers(wordSymbols(text, phones), this.files.vocabulary);
    const spoken: Float32Array[] = [];
    for (const numbers of inputs) {
      const style = await this.#style(voice, numbers.length - 2);
      spoken.push((await this.#pool.ask({ numbers, style, speed } satisfies KokoroRequest, signal)) as Float32Array);
    }
    return joined(spoken);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #style(voice: SpeechVoice, symbols: number): Promise<Float32Array> {
    try {
      const bytes = this.#voices.get(voice) ?? (await readFile(this.files.voicePaths[voice]));
      this.#voices.set(voice, bytes);
      return voiceStyle(bytes, symbols);
    } catch (cause) {
      throw new GatewayError('engine-failed', `Kokoro’s voice ${voice} is missing or damaged. Fetch Kokoro again.`, {
        cause,
      });
    }
  }
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
