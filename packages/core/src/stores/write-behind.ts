import { Serial } from './serial.ts';
import type { StoreLog } from './store-log.ts';

export interface WriteBehindOptions<Entry> {
  /** What the entries are called in the log, e.g. `job rows`. */
  readonly name: string;
  /** Writes all entries or none. */
  readonly write: (entries: readonly Entry[]) => Promise<void>;
  /** One entry for two of the same id. */
  readonly merge: (earlier: Entry, later: Entry) => Entry;
  readonly log: StoreLog;
  /** How long an entry waits for company, milliseconds. */
  readonly delayMs: number;
  /** Most entries in one write. As many waiting are written without delay. */
  readonly batchSize: number;
  /** Most entries kept while writing fails; new ones are dropped then. Default 10,000. */
  readonly capacity?: number;
  /** How long to wait after a failed write, milliseconds. Default 1,000. */
  readonly retryMs?: number;
}

/**
 * Collects entries by id and writes them together, later: adding one costs a map entry and never fails. When the store
 * fails, entries wait up to the capacity and are written once it works again; the log says so once per outage. Whoever
 * made it closes it, which writes what waits.
 */
export class WriteBehind<Entry> {
  readonly #options: Required<WriteBehindOptions<Entry>>;
  readonly #serial = new Serial();
  #pending = new Map<string, Entry>();
  #writing: ReadonlyMap<string, Entry> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;
  #failing = false;
  #dropped = 0;

  constructor(options: WriteBehindOptions<Entry>) {
    this.#options = { capacity: 10_000, retryMs: 1_000, ...options };
  }

  /** Entries that are not yet known to be in the store. */
  get size(): number {
    return this.#pending.size + this.#writing.size;
  }

  add(id: string, entry: Entry): void {
    const earlier = this.#pending.get(id);
    if (earlier === undefined && this.size >= this.#options.capacity) {
      this.#dropped++;
      return;
    }
    this.#pending.set(id, earlier === undefined ? entry : this.#options.merge(earlier, entry));
    this.#schedule();
  }

  /** The entry of this id as far as it is not in the store. */
  get(id: string): Entry | undefined {
    const writing = this.#writing.get(id);
    const pending = this.#pending.get(id);
    if (writing === undefined || pending === undefined) return pending ?? writing;
    return this.#options.merge(writing, pending);
  }

  /** Runs the task while nothing is being written, so that each entry is either in the store or in `waiting`, never in both. */
  undisturbed<Result>(task: (waiting: () => Iterable<Entry>) => Promise<Result>): Promise<Result> {
    return this.#serial.run(() => task(() => this.#pending.values()));
  }

  /** Writes what waits now. Never throws: what could not be written goes on waiting. */
  flush(): Promise<void> {
    return this.#serial.run(() => this.#writeWaiting());
  }

  /** Writes what waits and stops; says in the log what was lost when that fails. */
  async close(): Promise<void> {
    await this.flush();
    this.#unschedule();
    const lost = this.#pending.size + this.#dropped;
    if (lost > 0)
      this.#options.log.warn({ lost }, `${this.#options.name} were lost: they could not be written before closing.`);
    this.#pending.clear();
    this.#dropped = 0;
  }

  #schedule(): void {
    const { batchSize, delayMs, retryMs } = this.#options;
    if (this.#pending.size >= batchSize && !this.#failing) {
      // A turn later, so that the request which filled the batch does not wait for the write.
      this.#soon ??= setImmediate(() => void this.flush());
    } else {
      this.#timer ??= setTimeout(() => void this.flush(), this.#failing ? retryMs : delayMs).unref();
    }
  }

  #unschedule(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#soon);
    this.#timer = undefined;
    this.#soon = undefined;
  }

  async #writeWaiting(): Promise<void> {
    this.#unschedule();
    // Only what waits now: entries that arrive meanwhile have a delay of their own.
    for (let left = this.#pending.size; left > 0; left -= this.#options.batchSize) {
      if (!(await this.#writeBatch())) return this.#schedule();
      // Between batches others have their turn: a write may block the thread.
      if (left > this.#options.batchSize) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #writeBatch(): Promise<boolean> {
    this.#writing = this.#takeBatch();
    try {
      await this.#options.write([...this.#writing.values()]);
      this.#noteSuccess();
      return true;
    } catch (error) {
      this.#putBack(this.#writing);
      this.#noteFailure(error);
      return false;
    } finally {
      this.#writing = new Map();
    }
  }

  #takeBatch(): ReadonlyMap<string, Entry> {
    const batch = new Map<string, Entry>();
    for (const [id, entry] of this.#pending) {
      if (batch.size >= this.#options.batchSize) break;
      batch.set(id, entry);
      this.#pending.delete(id);
    }
    return batch;
  }

  /** The failed batch goes first again, under what was added to it meanwhile. */
  #putBack(batch: ReadonlyMap<string, Entry>): void {
    const pending = new Map(batch);
    for (const [id, entry] of this.#pending) {
      const earlier = pending.get(id);
      pending.set(id, earlier === undefined ? entry : this.#options.merge(earlier, entry));
    }
    this.#pending = pending;
  }

  #noteSuccess(): void {
    if (!this.#failing) return;
    this.#options.log.info({ dropped: this.#dropped }, `${this.#options.name} can be written again.`);
    this.#failing = false;
    this.#dropped = 0;
  }

  #noteFailure(error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    const { name, capacity, log } = this.#options;
    const reason = error instanceof Error ? error.message : String(error);
    log.warn(
      { reason, waiting: this.#pending.size },
      `${name} cannot be written. Up to ${capacity} wait in memory, further ones are dropped.`,
    );
  }
}
