import type { JobFilter } from './job-page.ts';
import type { JobRecord } from './job-record.ts';

/**
 * Where the rows of all jobs are kept. Jobs that survive are in the same rows, but only `DurableJobStore` changes, ends or
 * prunes those. Every implementation runs `job-store.conformance.ts`. A failed call has changed nothing and
 * throws; the next may succeed.
 */
export interface JobStore {
  /** Writes all records or none. A record of a known id replaces what is there. */
  saveAll(records: readonly JobRecord[]): Promise<void>;
  get(id: string): Promise<JobRecord | undefined>;
  /** At most `limit` jobs of a key, newest first. */
  list(filter: JobFilter, limit: number): Promise<JobRecord[]>;
  /** At most `limit` jobs that nobody has delivered and that were offered before the time, oldest first. */
  listUnfinished(offeredBeforeMs: number, limit: number): Promise<JobRecord[]>;
  /** Deletes at most `limit` jobs to which nothing happened since the time and returns how many. Unfinished ones stay. */
  prune(updatedBeforeMs: number, limit: number): Promise<number>;
}
