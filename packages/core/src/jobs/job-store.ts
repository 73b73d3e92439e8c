import type { JobRecord } from './job-record.ts';

/**
 * Where job rows are kept. Every implementation runs `job-store.conformance.ts`. A failed call has changed nothing and
 * throws; the next may succeed.
 */
export interface JobStore {
  /** Writes all records or none. A record of a known id replaces what is there. */
  saveAll(records: readonly JobRecord[]): Promise<void>;
  get(id: string): Promise<JobRecord | undefined>;
  /** At most `limit` jobs that nobody has delivered and that were offered before the time, oldest first. */
  listUnfinished(offeredBeforeMs: number, limit: number): Promise<JobRecord[]>;
  /** Deletes at most `limit` jobs to which nothing happened since the time and returns how many. Unfinished ones stay. */
  prune(updatedBeforeMs: number, limit: number): Promise<number>;
}
