import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import { GatewayError } from '../../../errors/gateway-error.ts';
import type { DiffusionModel } from '../diffusion-model.ts';
import type { Drawing } from '../drawing.ts';
import { brokenModel } from '../model-files.ts';
import { orAborted } from '../or-aborted.ts';
import type { Frames } from '../pipeline/frames.ts';
import type { OnnxOptions } from '../pipeline/onnx-model.ts';
import type { ThreadAnswer, ThreadData, ThreadRequest } from './messages.ts';
import { gateMemory, shutGate } from './native-gate.ts';

export interface DrawCall {
  readonly signal: AbortSignal;
  /** The part done, above 0 and at most 1. */
  readonly onProgress?: (progress: number) => void;
}

interface Waiting {
  readonly signal: AbortSignal;
  readonly onProgress: ((progress: number) => void) | undefined;
  readonly settle: (result: Promise<Frames>) => void;
}

/** `.ts` when run from source, `.js` when built: the entry lies beside this file either way. */
const entry = new URL(`./drawing-thread-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * A model, opened in a thread of its own, seen from outside. Drawings wait for each other; the event loop never waits for a
 * drawing. Whoever opens it closes it.
 */
export class DrawingThread {
  /** Resolves when the thread is gone, whether closed or crashed. */
  readonly gone: Promise<void>;
  readonly #worker: Worker;
  readonly #model: string;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #dead: GatewayError | undefined;

  private constructor(worker: Worker, model: string, gate: SharedArrayBuffer) {
    this.#worker = worker;
    this.#model = model;
    worker.on('message', (answer: ThreadAnswer) => this.#hear(answer));
    worker.on('error', (cause) => this.#die(cause));
    const atExit = () => shutGate(gate);
    process.once('exit', atExit);
    this.gone = new Promise((resolve) => {
      worker.on('exit', () => {
        process.off('exit', atExit);
        this.#die(undefined);
        resolve();
      });
    });
  }

  /**
   * Starts a thread and opens the model in it.
   *
   * @throws GatewayError `engine-failed` where a file of the model cannot be used.
   */
  static async open(model: DiffusionModel, options: OnnxOptions): Promise<DrawingThread> {
    const data: ThreadData = { model, options, gate: gateMemory() };
    const worker = new Worker(entry, { workerData: data, name: `drawing ${model.name}`, execArgv: [] });
    const thread = new DrawingThread(worker, model.name, data.gate);
    const first = await new Promise<ThreadAnswer | undefined>((resolve) => {
      worker.once('message', resolve);
      worker.once('exit', () => resolve(undefined));
    });
    if (first?.type === 'opened') return thread;
    await thread.gone;
    throw first?.type === 'broken'
      ? damaged(model, first.path, first.cause)
      : (thread.#dead ?? stopped(model.name, 'crashed'));
  }

  /**
   * Draws when its turn comes.
   *
   * @throws GatewayError `cancelled` as soon as the signal aborts, though the thread is free only after the step at hand;
   * `engine-failed` where the model gave no picture.
   */
  draw(drawing: Drawing, call: DrawCall): Promise<Frames> {
    const before = this.#turn;
    const drawn = orAborted(before, call.signal).then(() => this.#drawNow(drawing, call));
    this.#turn = Promise.allSettled([before, drawn]).then(() => undefined);
    return orAborted(drawn, call.signal);
  }

  /**
   * Frees the model and ends the thread, after the step at hand; a drawing under way fails. Safe to call twice.
   *
   * The thread is asked to go and never terminated: inside a native call that aborts the whole process.
   */
  async close(): Promise<void> {
    this.#dead ??= stopped(this.#model, 'was closed');
    this.#ask({ type: 'close' });
    await this.gone;
  }

  async #drawNow(drawing: Drawing, { signal, onProgress }: DrawCall): Promise<Frames> {
    if (this.#dead) throw this.#dead;
    signal.throwIfAborted();
    const id = ++this.#lastId;
    const stop = () => this.#ask({ type: 'stop', id });
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await new Promise((settle) => {
        this.#waiting.set(id, { signal, onProgress, settle });
        this.#ask({ type: 'draw', id, drawing });
      });
    } finally {
      signal.removeEventListener('abort', stop);
      this.#waiting.delete(id);
    }
  }

  #ask(request: ThreadRequest): void {
    this.#worker.postMessage(request);
  }

  #hear(answer: ThreadAnswer): void {
    if (!('id' in answer)) return;
    const waiting = this.#waiting.get(answer.id);
    if (answer.type === 'step' && !waiting?.signal.aborted) waiting?.onProgress?.(answer.done / answer.total);
    if (answer.type === 'drawn') waiting?.settle(Promise.resolve(answer.frames));
    if (answer.type === 'failed') waiting?.settle(Promise.reject(this.#dead ?? noPicture(this.#model, answer.cause)));
  }

  #die(cause: unknown): void {
    this.#dead ??= stopped(this.#model, 'crashed', cause);
    for (const waiting of this.#waiting.values()) waiting.settle(Promise.reject(this.#dead));
  }
}

function damaged(model: DiffusionModel, path: string, cause: unknown): GatewayError {
  const file = relative(model.folder, path) || 'a file of it';
  const what = existsSync(path) ? 'damaged or nothing this engine can run' : 'missing';
  return brokenModel(model.name, `${file} is ${what}`, cause);
}

function noPicture(model: string, cause: unknown): GatewayError {
  return new GatewayError(
    'engine-failed',
    `The model "${model}" gave no usable picture. Another seed or fewer steps may; if none does, the model is damaged.`,
    { retry: 'elsewhere', cause },
  );
}

function stopped(model: string, how: 'crashed' | 'was closed', cause?: unknown): GatewayError {
  const retry = how === 'crashed' ? 'here' : 'elsewhere';
  return new GatewayError('engine-failed', `The model "${model}" ${how} while it was at work. Try again.`, {
    retry,
    cause,
  });
}
