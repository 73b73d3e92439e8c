import { GatewayError } from '../../../errors/gateway-error.ts';
import type { ModelFile } from '../library/model-file.ts';
import type { EngineLog } from '../log.ts';
import type { ModelPlan } from './model-plan.ts';

/** A model in memory. */
export interface Loadable {
  dispose(): Promise<void>;
}

interface ModelManagerOptions<Model extends Loadable> {
  readonly budgetBytes: number;
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
  lastUsed: number;
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
 * waits until it is free.
 */
export class ModelManager<Model extends Loadable> {
  readonly #options: ModelManagerOptions<Model>;
  readonly #entries = new Map<string, Entry<Model>>();
  readonly #loadMs = new Map<string, number>();
  #queue: Promise<unknown> = Promise.resolve();
  #roomWaiters: (() => void)[] = [];
  #uses = 0;
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
    entry.users++;
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
    this.#entries.delete(file.name);
    void entry.model.dispose();
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
      lastUsed: 0,
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
      await this.#makeRoom(entry);
      const start = performance.now();
      log.info({ model: file.name, ...plan }, 'model loading');
      entry.model = await this.#options.load(file, plan, abort.signal);
      const loadMs = Math.round(performance.now() - start);
      this.#loadMs.set(file.name, loadMs);
      log.info({ model: file.name, loadMs, sizeBytes: plan.sizeBytes }, 'model loaded');
      return entry.model;
    } catch (error) {
      this.#entries.delete(file.name);
      log.error({ model: file.name, error: String(error) }, 'model not loaded');
      throw loadError(file, error);
    } finally {
    }
  }

  async #makeRoom(incoming: Entry<Model>): Promise<void> {
    const loaded = () => [...this.#entries.values()].filter((entry) => entry !== incoming && entry.model !== undefined);
    const used = () => loaded().reduce((sum, entry) => sum + entry.plan.sizeBytes, 0);
    while (used() + incoming.plan.sizeBytes > this.#options.budgetBytes && loaded().length > 0) {
      const free = loaded().filter((entry) => entry.users === 0);
      const oldest = free.toSorted((a, b) => a.lastUsed - b.lastUsed)[0];
      if (oldest === undefined) await untilAborted(this.#roomMayBeFree(), incoming.abort.signal);
      else await this.#unload(oldest);
    }
  }

  #roomMayBeFree(): Promise<void> {
    return new Promise((resolve) => {
      this.#roomWaiters.push(resolve);
    });
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
    entry.lastUsed = ++this.#uses;
    if (entry.users > 0) return;
    for (const wake of this.#roomWaiters.splice(0)) wake();
    const { idleUnloadMs } = this.#options;
    if (idleUnloadMs === 0 || this.#closed) return;
    entry.idleTimer = setTimeout(() => void this.#unload(entry), idleUnloadMs).unref();
  }

  async #unload(entry: Entry<Model>): Promise<void> {
    const { model } = entry;
    if (model === undefined || entry.users > 0 || this.#entries.get(entry.file.name) !== entry) return;
    clearTimeout(entry.idleTimer);
    this.#entries.delete(entry.file.name);
    await model.dispose();
    this.#options.log.info({ model: entry.file.name, sizeBytes: entry.plan.sizeBytes }, 'model unloaded');
  }

  async #unloadWhenFree(entry: Entry<Model>): Promise<void> {
    await entry.loading;
    while (entry.users > 0) await this.#roomMayBeFree();
    await this.#unload(entry);
  }
}

function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

function loadError(file: ModelFile, cause: unknown): GatewayError {
  if (GatewayError.is(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new GatewayError('engine-failed', `The model ${file.name} could not be loaded: ${reason}`, {
    retry: 'elsewhere',
    cause,
  });
}
