import { GatewayError } from '../../errors/gateway-error.ts';
import type { DiffusionModel } from './diffusion-model.ts';
import type { MemoryBudget, MemoryHold } from './memory-budget.ts';
import { orAborted } from './or-aborted.ts';
import type { OnnxOptions } from './pipeline/onnx-model.ts';
import { DrawingThread } from './thread/drawing-thread.ts';

/**
 * What an opened model is expected to take beside its weights: the thread's own heap, the runtime's buffers and the numbers of
 * one drawing. With the bundled models, 10 MB of weights each, a process grew by 105 MB for the first and 60 for the second.
 */
const workspaceBytes = 80e6;

interface Loaded {
  readonly hold: MemoryHold;
  readonly thread: DrawingThread;
}

/** The models that are open now: opened by the first use, closed when the budget needs the room. */
export class LoadedModels {
  readonly #budget: MemoryBudget;
  readonly #options: OnnxOptions;
  readonly #onChange: () => void;
  readonly #loaded = new Map<string, Loaded>();
  readonly #loading = new Map<string, Promise<Loaded>>();
  #closed = false;

  /** @param onChange called after a model's state changed. */
  constructor(budget: MemoryBudget, options: OnnxOptions, onChange: () => void) {
    this.#budget = budget;
    this.#options = options;
    this.#onChange = onChange;
  }

  state(model: string): 'cold' | 'loading' | 'loaded' {
    if (this.#loaded.has(model)) return 'loaded';
    return this.#loading.has(model) ? 'loading' : 'cold';
  }

  /**
   * Does `work` with the model's thread, opening it first where need be; it stays open at least that long.
   *
   * @throws GatewayError `cancelled` as soon as the signal aborts; opening goes on, for the next who asks.
   */
  use<T>(model: DiffusionModel, signal: AbortSignal, work: (thread: DrawingThread) => Promise<T>): Promise<T> {
    const used = this.#take(model).then(({ hold, thread }) => work(thread).finally(() => hold.idle()));
    return orAborted(used, signal);
  }

  /** Closes all; drawings under way fail. Safe to call twice. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#loading.values());
    await Promise.all([...this.#loaded.keys()].map((model) => this.#unload(model)));
  }

  /** The model, marked as in use. */
  async #take(model: DiffusionModel): Promise<Loaded> {
    if (this.#closed) throw new GatewayError('no-capacity', 'This provider is shutting down.', { retry: 'elsewhere' });
    const loaded = this.#loaded.get(model.name);
    if (loaded) {
      loaded.hold.busy();
      return loaded;
    }
    const loading = this.#loading.get(model.name);
    if (!loading) return this.#begin(model);
    await loading;
    return this.#take(model);
  }

  async #begin(model: DiffusionModel): Promise<Loaded> {
    const loading = this.#load(model);
    this.#loading.set(model.name, loading);
    this.#onChange();
    try {
      const loaded = await loading;
      this.#loaded.set(model.name, loaded);
      void loaded.thread.gone.then(() => this.#forget(model.name, loaded));
      return loaded;
    } finally {
      this.#loading.delete(model.name);
      this.#onChange();
    }
  }

  async #load(model: DiffusionModel): Promise<Loaded> {
    const hold = await this.#budget.hold({
      name: model.name,
      sizeBytes: memoryBytes(model),
      unload: () => this.#unload(model.name),
    });
    try {
      return { hold, thread: await DrawingThread.open(model, this.#options) };
    } catch (error) {
      hold.release();
      throw error;
    }
  }

  async #unload(model: string): Promise<void> {
    const loaded = this.#loaded.get(model);
    if (!loaded) return;
    this.#forget(model, loaded);
    await loaded.thread.close();
  }

  #forget(model: string, loaded: Loaded): void {
    loaded.hold.release();
    if (this.#loaded.get(model) !== loaded) return;
    this.#loaded.delete(model);
    this.#onChange();
  }
}

/** What a model is expected to take when it is open, bytes. */
export function memoryBytes(model: DiffusionModel): number {
  return model.weightsBytes + workspaceBytes;
}
