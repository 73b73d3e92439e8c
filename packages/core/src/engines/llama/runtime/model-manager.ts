import { GatewayError } from '../../../errors/gateway-error.ts';
import type { MemoryBudget, MemoryClaim, MemoryHold } from '../../memory-budget.ts';
import { untilAborted } from '../../until-aborted.ts';
import type { ModelFile } from '../library/model-file.ts';
import type { EngineLog } from '../log.ts';
import type { ModelPlan } from './model-plan.ts';

/** A model in memory. */
export interface Loadable {
  dispose(): Promise<void>;
}

interface ModelManagerOptions<Model extends Loadable> {
  /** Shared with the other engines of the process. */
  readonly memory: MemoryBudget;
  /** A model nobody used for so long is unloaded. 0 keeps it. Milliseconds. */
  readonly idleUnloadMs: number;
  readonly log: EngineLog;
  plan(file: ModelFile): ModelPlan;
  load(file: ModelFile, plan: ModelPlan, signal: AbortSignal): Promise<Model>;
}

/** A loaded model lent to one call. The model stays in memory until `release`. */
export interface Lease<Model> {
  readonly model: Model;
  /** Safe to call twice. */
  release(): void;
}

type ModelState = 'cold' | 'loading' | 'loaded';

interface Entry<Model> {
  readonly file: ModelFile;
  readonly plan: ModelPlan;
  readonly loading: Promise<Model>;
  readonly abort: AbortController;
  model: Model | undefined;
  users: number;
  /** Undefined while it waits for memory. In use as long as there are users, or it loads. */
  hold: MemoryHold | undefined;
  idleTimer: NodeJS.Timeout | undefined;
}

/**
 * Loads models when they are first needed and keeps them within a memory budget.
 *
 * ```
 *           first use, preload              ready
 *   cold ─────────────────────► loading ─────────────► loaded
 *    ▲                             │                     │
 *    ├─────────────────────────────┘ failed, closed      │
 *    └───────────────────────────────────────────────────┘
 *      nobody uses it, and: least recently used when room is needed, or idle too long, or its file changed
 * ```
 *
 * Models load one after the other, in the order they were asked for. A model in use is never unloaded: who needs its room
 * waits until it is free, or until nobody wants the model any more.
 */
export class ModelManager<Model extends Loadable> {
  readonly #options: ModelManagerOptions<Model>;
  readonly #entries = new Map<string, Entry<Model>>();
  readonly #loadMs = new Map<string, number>();
  #queue: Promise<unknown> = Promise.resolve();
  #freeWaiters: (() => void)[] = [];
  #closed = false;

  constructor(options: ModelManagerOptions<Model>) {
    this.#options = options;
  }

  stateOf(name: string): ModelState {
    const entry = this.#entries.get(name);
    if (entry === undefined) return 'cold';
    return entry.model === undefined ? 'loading' : 'loaded';
  }

  /** The model when it is in memory. */
  peek(name: string): Model | undefined {
    return this.#entries.get(name)?.model;
  }

  /** How long the last load took. Milliseconds. */
  loadMsOf(name: string): number | undefined {
    return this.#loadMs.get(name);
  }

  /**
   * The model, loaded if need be; callers that come while it loads share the load. When the signal aborts, the caller leaves
   * at once and the load goes on for the others.
   */
  async use(file: ModelFile, signal: AbortSignal): Promise<Lease<Model>> {
    signal.throwIfAborted();
    if (this.#closed)
      throw new GatewayError('no-capacity', 'The llama engine is shutting down.', { retry: 'elsewhere' });
    const entry = this.#current(file) ?? this.#begin(file);
    if (++entry.users === 1 && entry.model !== undefined) entry.hold?.busy();
    clearTimeout(entry.idleTimer);
    try {
      const model = entry.model ?? (await untilAborted(entry.loading, signal));
      return this.#lease(entry, model);
    } catch (error) {
      this.#leave(entry);
      throw error;
    }
  }

  /** Unloads everything once the running calls have let go. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const entry of this.#entries.values())
      entry.abort.abort(new GatewayError('cancelled', 'The engine was closed.'));
    await Promise.allSettled([...this.#entries.values()].map((entry) => this.#unloadWhenFree(entry)));
  }

  /** The entry of this very file; a file that was replaced on disk is loaded anew. */
  #current(file: ModelFile): Entry<Model> | undefined {
    const entry = this.#entries.get(file.name);
    if (entry === undefined || (entry.file.path === file.path && entry.file.created === file.created)) return entry;
    if (entry.users > 0 || entry.model === undefined) return entry;
    void this.#unload(entry);
    return undefined;
  }

  #begin(file: ModelFile): Entry<Model> {
    const plan = this.#options.plan(file);
    const abort = new AbortController();
    const loading = this.#queue.then(() => this.#load(entry));
    const entry: Entry<Model> = {
      file,
      plan,
      loading,
      abort,
      model: undefined,
      users: 0,
      hold: undefined,
      idleTimer: undefined,
    };
    this.#queue = loading.catch(() => undefined);
    this.#entries.set(file.name, entry);
    return entry;
  }

  async #load(entry: Entry<Model>): Promise<Model> {
    const { file, plan, abort } = entry;
    const { log } = this.#options;
    try {
      entry.hold = await this.#options.memory.hold(this.#claimOf(entry), abort.signal);
      abort.signal.throwIfAborted();
      const start = performance.now();
      log.info({ model: file.name, ...plan }, 'model loading');
      entry.model = await this.#options.load(file, plan, abort.signal);
      const loadMs = Math.round(performance.now() - start);
      this.#loadMs.set(file.name, loadMs);
      log.info({ model: file.name, loadMs, sizeBytes: plan.sizeBytes }, 'model loaded');
      if (entry.users === 0) entry.hold.idle();
      return entry.model;
    } catch (error) {
      entry.hold?.release();
      this.#forget(entry);
      // Nobody wants it any more, or the engine was closed: nothing is wrong with the model.
      if (!abort.signal.aborted) log.error({ model: file.name, error: String(error) }, 'model not loaded');
      throw loadError(file, error);
    }
  }

  #claimOf(entry: Entry<Model>): MemoryClaim {
    return { name: entry.file.name, sizeBytes: entry.plan.sizeBytes, unload: () => this.#unload(entry) };
  }

  #forget(entry: Entry<Model>): void {
    if (this.#entries.get(entry.file.name) === entry) this.#entries.delete(entry.file.name);
  }

  #lease(entry: Entry<Model>, model: Model): Lease<Model> {
    let released = false;
    return {
      model,
      release: () => {
        if (released) return;
        released = true;
        this.#leave(entry);
      },
    };
  }

  #leave(entry: Entry<Model>): void {
    entry.users--;
    if (entry.users > 0) return;
    if (entry.hold === undefined) this.#giveUp(entry);
    if (entry.model === undefined) return;
    entry.hold?.idle();
    for (const wake of this.#freeWaiters.splice(0)) wake();
    const { idleUnloadMs } = this.#options;
    if (idleUnloadMs === 0 || this.#closed) return;
    entry.idleTimer = setTimeout(() => void this.#unload(entry), idleUnloadMs).unref();
  }

  /** Nobody wants the model that waits for memory: whoever comes now begins anew. */
  #giveUp(entry: Entry<Model>): void {
    this.#forget(entry);
    entry.abort.abort(new GatewayError('cancelled', `Nobody waits for ${entry.file.name} any more.`));
  }

  async #unload(entry: Entry<Model>): Promise<void> {
    const { model, hold } = entry;
    if (model === undefined || entry.users > 0 || this.#entries.get(entry.file.name) !== entry) return;
    clearTimeout(entry.idleTimer);
    hold?.busy(); // what is being unloaded is not there to be unloaded for another
    this.#entries.delete(entry.file.name);
    await model.dispose();
    hold?.release();
    this.#options.log.info({ model: entry.file.name, sizeBytes: entry.plan.sizeBytes }, 'model unloaded');
  }

  async #unloadWhenFree(entry: Entry<Model>): Promise<void> {
    await entry.loading;
    while (entry.users > 0) await new Promise<void>((resolve) => this.#freeWaiters.push(resolve));
    await this.#unload(entry);
  }
}

function loadError(file: ModelFile, cause: unknown): GatewayError {
  if (GatewayError.is(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new GatewayError('engine-failed', `The model ${file.name} could not be loaded: ${reason}`, {
    retry: 'elsewhere',
    cause,
  });
}
