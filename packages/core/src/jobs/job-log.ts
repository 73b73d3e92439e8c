import type { StoreLog } from '../stores/store-log.ts';
import { WriteBehind } from '../stores/write-behind.ts';
import { type JobFilter, type JobPage, makePage } from './job-page.ts';
import { applyJobEvent, type JobEvent, type JobRecord, type JobRequest, openJob } from './job-record.ts';
import type { JobStore } from './job-store.ts';

export interface JobLogOptions {
  readonly store: JobStore;
  readonly log: StoreLog;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** How long a row waits for others to share a commit, milliseconds. Default 50. */
  readonly delayMs?: number;
  /** Most rows in one commit, which holds the thread for about 15 µs a row. Default 100. */
  readonly batchSize?: number;
  /** Most rows kept in memory while the store fails; further ones are dropped. Default 10,000. */
  readonly capacity?: number;
}

/**
 * The jobs that are answered at once (chat, embeddings): their rows are written after the fact, in batches, so that no
 * answer waits for the disk. A job is known here from its first moment. Does not close the store.
 */
export class JobLog {
  readonly #store: JobStore;
  readonly #now: () => number;
  readonly #rows: WriteBehind<JobRecord>;

  constructor({ store, log, now = Date.now, delayMs = 50, batchSize = 100, capacity = 10_000 }: JobLogOptions) {
    this.#store = store;
    this.#now = now;
    this.#rows = new WriteBehind({
      name: 'Job rows',
      write: (records) => store.saveAll(records),
      merge: (_earlier, later) => later,
      log,
      delayMs,
      batchSize,
      capacity,
    });
  }

  /** Makes the offer and its row. The handle follows the job to its end. */
  open(request: JobRequest): LoggedJob {
    const record = openJob(request, this.#now());
    return new LoggedJob(record, this.#now, (changed) => this.#rows.add(changed.id, changed));
  }

  /** The job as it stands now, or `undefined` when there is none or it is another key's. */
  async get(id: string, keyId: string): Promise<JobRecord | undefined> {
    const record = this.#rows.get(id) ?? (await this.#store.get(id));
    return record?.keyId === keyId ? record : undefined;
  }

  /** One page of a key's jobs of every kind, newest first, those of this moment included. */
  async list(filter: JobFilter, limit: number): Promise<JobPage> {
    await this.flush();
    return makePage(await this.#store.list(filter, limit + 1), limit);
  }

  /** Writes what waits. Never throws. */
  flush(): Promise<void> {
    return this.#rows.flush();
  }

  /** Writes what waits and stops. */
  close(): Promise<void> {
    return this.#rows.close();
  }
}

/** One job on its way, e.g. `job.apply({ type: 'deal-agreed', provider: 'local' })`. */
export class LoggedJob {
  #record: JobRecord;
  readonly #now: () => number;
  readonly #save: (record: JobRecord) => void;

  constructor(record: JobRecord, now: () => number, save: (record: JobRecord) => void) {
    this.#record = record;
    this.#now = now;
    this.#save = save;
    save(record);
  }

  get id(): string {
    return this.#record.id;
  }

  get record(): JobRecord {
    return this.#record;
  }

  /** Notes what happened. False when it cannot happen any more, e.g. a cancel after the end; nothing is changed then. */
  apply(event: JobEvent): boolean {
    const changed = applyJobEvent(this.#record, event, this.#now());
    if (changed === undefined) return false;
    this.#record = changed;
    this.#save(changed);
    return true;
  }
}
