import { GatewayError } from '../../errors/gateway-error.ts';
import type { MemoryBudget, MemoryHold } from '../memory-budget.ts';
import type { DiffusionModel } from './diffusion-model.ts';
import { orAborted } from './or-aborted.ts';
import type { OnnxOptions } from './pipeline/onnx-model.ts';
import { DrawingThread } from './thread/drawing-thread.ts';

/**
 * What an opened model is expected to take beside its weights: the thread's own heap, the runtime's buffers and the numbers of
 * one drawing. With the bundled models, 10 MB of weights each, a process grew by 105 MB for the first and 60 for the second.
 */
const workspaceBytes = 80e6;

interface Entry {
  readonly opening: Promise<DrawingThread>;
  /** Ends the wait for memory; opening itself is not stopped. */
  readonly stop: AbortController;
  users: number;
  hold?: MemoryHold;
  thread?: DrawingThread;
}

/** The models that are open now: opened by the first use, closed when the budget needs the room. */
export class LoadedModels {
  readonly #budget: MemoryBudget;
  readonly #options: OnnxOptions;
  readonly #onChange: () => void;
  readonly #entries = new Map<string, Entry>();
  #closed = false;

  /** @param onChange called after a model's state changed. */
  constructor(budget: MemoryBudget, options: OnnxOptions, onChange: () => void) {
    this.#budget = budget;
    this.#options = options;
    this.#onChange = onChange;
  }

  state(model: string): 'cold' | 'loading' | 'loaded' {
    const entry = this.#entries.get(model);
    if (!entry) return 'cold';
    return entry.thread ? 'loaded' : 'loading';
  }

  /**
   * Does `work` with the model's thread, opening it first where need be; it stays open at least that long. Waits while other
   * models in use leave no room for it.
   *
   * @throws GatewayError `cancelled` as soon as the signal aborts; opening goes on, for the next who asks.
   */
  async use<T>(model: DiffusionModel, signal: AbortSignal, work: (thread: DrawingThread) => Promise<T>): Promise<T> {
    if (this.#closed) throw shuttingDown();
    const entry = this.#entries.get(model.name) ?? this.#begin(model);
    if (++entry.users === 1 && entry.thread) entry.hold?.busy();
    const thread = await orAborted(entry.opening, signal).catch((error: unknown) => {
      this.#leave(model.name, entry);
      throw error;
    });
    const done = work(thread).finally(() => this.#leave(model.name, entry));
    return await orAborted(done, signal);
  }

  /** Closes all; drawings under way fail. Safe to call twice. */
  async close(): Promise<void> {
    this.#closed = true;
    const entries = [...this.#entries];
    for (const [, { stop }] of entries) stop.abort(shuttingDown());
    await Promise.allSettled(entries.map(([, { opening }]) => opening));
    await Promise.all(entries.map(([model, entry]) => this.#unload(model, entry)));
  }

  #begin(model: DiffusionModel): Entry {
    const opening = Promise.resolve().then(() => this.#open(model, entry));
    const entry: Entry = { opening, stop: new AbortController(), users: 0 };
    this.#entries.set(model.name, entry);
    opening.catch(() => undefined); // whoever waits for it is told
    this.#onChange();
    return entry;
  }

  async #open(model: DiffusionModel, entry: Entry): Promise<DrawingThread> {
    const { name } = model;
    const claim = { name, sizeBytes: memoryBytes(model), unload: () => this.#unload(name, entry) };
    const { signal } = entry.stop;
    try {
      entry.hold = await this.#budget.hold(claim, signal);
      signal.throwIfAborted();
      const thread = await DrawingThread.open(model, this.#options);
      entry.thread = thread;
      void thread.gone.then(() => this.#forget(name, entry));
      if (entry.users === 0) entry.hold.idle();
      this.#onChange();
      return thread;
    } catch (error) {
      this.#forget(name, entry);
      throw error;
    }
  }

  /** The last to leave ends the wait for memory: whoever comes then begins anew. */
  #leave(model: string, entry: Entry): void {
    entry.users--;
    if (entry.users > 0) return;
    if (entry.thread) entry.hold?.idle();
    else if (!entry.hold) {
      entry.stop.abort(new GatewayError('cancelled', `Nobody waits for ${model} any more.`));
      this.#forget(model, entry);
    }
  }

  async #unload(model: string, entry: Entry): Promise<void> {
    const { thread, hold } = entry;
    if (!thread || this.#entries.get(model) !== entry) return;
    hold?.busy(); // what is being unloaded is not there to be unloaded for another
    this.#entries.delete(model);
    this.#onChange();
    await thread.close();
    hold?.release();
  }

  #forget(model: string, entry: Entry): void {
    entry.hold?.release();
    if (this.#entries.get(model) !== entry) return;
    this.#entries.delete(model);
    this.#onChange();
  }
}

function shuttingDown(): GatewayError {
  return new GatewayError('no-capacity', 'This provider is shutting down.', { retry: 'elsewhere' });
}

/** What a model is expected to take when it is open, bytes. */
export function memoryBytes(model: DiffusionModel): number {
  return model.weightsBytes + workspaceBytes;
}
