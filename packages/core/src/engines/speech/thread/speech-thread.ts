import { Worker } from 'node:worker_threads';
import { GatewayError } from '../../../errors/gateway-error.ts';
import type { ThreadAnswer, ThreadRequest } from './serve-thread.ts';

export interface SpeechThreadOptions {
  /** For messages, e.g. `flite`. */
  readonly name: string;
  /** The thread's first file, without its ending: `.ts` when run from source, `.js` when built. */
  readonly entry: URL;
  readonly workerData: unknown;
}

interface Asked {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: GatewayError) => void;
}

/**
 * One worker thread seen from outside. It keeps the process alive only while it owes an answer. Whoever makes it ends it.
 */
export class SpeechThread {
  readonly #worker: Worker;
  readonly #name: string;
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;
  #gone = false;

  constructor({ name, entry, workerData }: SpeechThreadOptions) {
    this.#name = name;
    const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
    this.#worker = new Worker(new URL(entry.href + ending), { workerData, name, execArgv: [] });
    this.#worker.unref();
    this.#worker.on('message', (answer: ThreadAnswer) => this.#hear(answer));
    this.#worker.on('error', (cause) => this.#die(cause));
    this.#worker.on('exit', () => this.#die(undefined));
  }

  /** True once it has crashed or was ended: it answers nothing any more. */
  get gone(): boolean {
    return this.#gone;
  }

  /** @throws GatewayError `engine-failed` with the thread's own words as the cause, or when it ends before it answers. */
  async ask(request: unknown): Promise<unknown> {
    if (this.#gone) throw ended(this.#name, undefined);
    this.#lastId += 1;
    const id = this.#lastId;
    this.#worker.ref();
    try {
      return await new Promise((resolve, reject) => {
        this.#asked.set(id, { resolve, reject });
        this.#worker.postMessage({ id, request } satisfies ThreadRequest);
      });
    } finally {
      this.#asked.delete(id);
      if (this.#asked.size === 0) this.#worker.unref();
    }
  }

  /** Stops it wherever it is; what it owes is refused. Safe to call twice. */
  async end(): Promise<void> {
    this.#gone = true;
    await this.#worker.terminate();
  }

  #hear(answer: ThreadAnswer): void {
    const asked = this.#asked.get(answer.id);
    if ('answer' in answer) asked?.resolve(answer.answer);
    else asked?.reject(failed(this.#name, answer.failure));
  }

  #die(cause: unknown): void {
    this.#gone = true;
    for (const { reject } of this.#asked.values()) reject(ended(this.#name, cause));
  }
}

/** The thread's words may hold paths, so they are for the log alone. */
function failed(name: string, words: string): GatewayError {
  return new GatewayError('engine-failed', `The speech model ${name} failed at a sentence. The log has the details.`, {
    retry: 'elsewhere',
    cause: new Error(words),
  });
}

function ended(name: string, cause: unknown): GatewayError {
  return new GatewayError('engine-failed', `The speech model ${name} stopped before it had finished. Try again.`, {
    retry: 'here',
    cause,
  });
}
