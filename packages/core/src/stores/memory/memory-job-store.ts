import type { JobFilter, JobPlace } from '../../jobs/job-page.ts';
import type { JobRecord } from '../../jobs/job-record.ts';
import { isUnfinished } from '../../jobs/job-state.ts';
import type { JobStore } from '../../jobs/job-store.ts';

export class MemoryJobStore implements JobStore {
  readonly #records = new Map<string, JobRecord>();

  async saveAll(records: readonly JobRecord[]): Promise<void> {
    for (const record of records) this.#records.set(record.id, record);
  }

  async get(id: string): Promise<JobRecord | undefined> {
    return this.#records.get(id);
  }

  async list({ keyId, kind, state, before }: JobFilter, limit: number): Promise<JobRecord[]> {
    return [...this.#records.values()]
      .filter((record) => record.keyId === keyId)
      .filter((record) => (kind ?? record.kind) === record.kind && (state ?? record.state) === record.state)
      .filter((record) => before === undefined || compare(record, before) < 0)
      .sort((one, other) => compare(other, one))
      .slice(0, limit);
  }

  async listUnfinished(offeredBeforeMs: number, limit: number): Promise<JobRecord[]> {
    return [...this.#records.values()]
      .filter(({ state, createdAtMs }) => isUnfinished(state) && createdAtMs < offeredBeforeMs)
      .sort((one, other) => one.createdAtMs - other.createdAtMs)
      .slice(0, limit);
  }

  async prune(updatedBeforeMs: number, limit: number): Promise<number> {
    const ids = [...this.#records.values()]
      .filter(({ state, updatedAtMs }) => !isUnfinished(state) && updatedAtMs < updatedBeforeMs)
      .slice(0, limit)
      .map(({ id }) => id);
    for (const id of ids) this.#records.delete(id);
    return ids.length;
  }
}

function compare(one: JobPlace, other: JobPlace): number {
  return one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : Number(one.id > other.id));
}
