import { Worker } from 'node:worker_threads';
import { GatewayError } from '../../../errors/gateway-error.ts';
import type { StoreCall } from '../calls/database-tables.ts';
import type {
  NumberedCall,
  NumberedOutcome,
  ThreadAnswer,
  ThreadData,
  ThreadFailure,
  ThreadRequest,
} from './messages.ts';

interface Asked {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: GatewayError) => void;
}

/** `.ts` when run from source, `.js` when built: the entry lies beside this file either way. */
const entry = new URL(`./database-thread-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * A database in a thread of its own, seen from outside. The thread starts with the first call, and again with the next call
 * after a crash; it keeps the process alive only while it owes an answer. Whoever makes it closes it.
 */
export class DatabaseThread {
  readonly #path: string;
  readonly #asked = new Map<number, Asked>();
  #worker: Worker | undefined;
  #unsent: NumberedCall[] = [];
  #lastId = 0;
  #closing: Promise<void> | undefined;

  /** `path`: a database file that was opened before, so that it exists and is up to date. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Rejects with the store's own words, or with `internal` when the thread ends before it answers: the call may then have happened. */
  readonly send = (call: StoreCall): Promise<unknown> => {
    if (this.#closing) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#asked.set(id, { resolve, reject });
      this.#unsent.push({ id, ...call });
      // Calls of the same moment travel together: a message costs more than what is in it.
      if (this.#unsent.length === 1) queueMicrotask(() => this.#sendAll());
    });
  };

  /** Answers what was asked, then ends the thread. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#sendAll();
    const worker = this.#worker;
    if (!worker) return;
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    worker.ref();
    worker.postMessage({ type: 'close' } satisfies ThreadRequest);
    await gone;
  }

  #sendAll(): void {
    const calls = this.#unsent;
    if (calls.length === 0) return;
    this.#unsent = [];
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage({ type: 'calls', calls } satisfies ThreadRequest);
  }

  #start(): Worker {
    const workerData: ThreadData = { path: this.#path };
    const worker = new Worker(entry, { workerData, name: 'database', execArgv: [] });
    worker.on('message', (answer: ThreadAnswer) => this.#hear(answer));
    worker.on('error', (cause) => this.#die(worker, cause));
    worker.on('exit', () => this.#die(worker, undefined));
    return worker;
  }

  #hear(answer: ThreadAnswer): void {
    for (const outcome of answer) this.#settle(outcome);
    if (this.#asked.size === 0) this.#worker?.unref();
  }

  #settle(outcome: NumberedOutcome): void {
    const asked = this.#asked.get(outcome.id);
    this.#asked.delete(outcome.id);
    if ('result' in outcome) asked?.resolve(outcome.result);
    else asked?.reject(errorOf(outcome.failure));
  }

  #die(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject } of asked) reject(GatewayError.is(cause) ? cause : crashed(cause));
  }
}

function errorOf({ code, message, retry, data, cause }: ThreadFailure): GatewayError {
  return new GatewayError(code, message, { ...data, retry, cause });
}

const closed = (): GatewayError =>
  new GatewayError('no-capacity', 'This server is shutting down. Try again in a moment.', { retryAfterMs: 5000 });

const crashed = (cause: unknown): GatewayError =>
  new GatewayError('internal', 'The database stopped before it had answered. Try again.', { retry: 'here', cause });
