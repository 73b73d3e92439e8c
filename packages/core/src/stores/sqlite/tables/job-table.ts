import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JobFilter } from '../../../jobs/job-page.ts';
import type { JobRecord } from '../../../jobs/job-record.ts';
import type { JobStore } from '../../../jobs/job-store.ts';
import type { CallKinds, Synchronous } from '../calls/call-kind.ts';
import { jobColumns, jobRecordOf, jobValues } from './job-row.ts';

export const jobCalls: CallKinds<JobStore> = {
  saveAll: 'quick',
  get: 'read',
  list: 'read',
  listUnfinished: 'read',
  prune: 'quick',
};

/** The rows of all jobs, and the whole life of those that do not survive. */
export class JobTable implements Synchronous<JobStore> {
  readonly #database: DatabaseSync;
  readonly #save: StatementSync;
  readonly #get: StatementSync;
  readonly #listUnfinished: StatementSync;
  readonly #prune: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#save = database.prepare(`
      insert into jobs (${jobColumns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (id) do update set state = excluded.state, updated_at_ms = excluded.updated_at_ms, deal = excluded.deal,
        failure = excluded.failure, result = excluded.result, history = excluded.history, progress = excluded.progress,
        artifact_id = excluded.artifact_id`);
    this.#get = database.prepare(`select ${jobColumns} from jobs where id = ?`);
    this.#listUnfinished = database.prepare(`
      select ${jobColumns} from jobs
      where durable = 0 and state in ('DealNegotiating', 'DealAgreed') and created_at_ms < ?
      order by created_at_ms limit ?`);
    this.#prune = database.prepare(`
      delete from jobs where rowid in (
        select rowid from jobs
        where durable = 0 and updated_at_ms < ? and state not in ('DealNegotiating', 'DealAgreed')
        order by updated_at_ms limit ?)`);
  }

  saveAll(records: readonly JobRecord[]): void {
    for (const record of records) this.#save.run(...jobValues(record));
  }

  get(id: string): JobRecord | undefined {
    const row = this.#get.get(id);
    return row && jobRecordOf(row);
  }

  list({ keyId, kind, state, before }: JobFilter, limit: number): JobRecord[] {
    const conditions = [
      { sql: 'key_id = ?', values: [keyId] },
      ...(kind === undefined ? [] : [{ sql: 'kind = ?', values: [kind] }]),
      ...(state === undefined ? [] : [{ sql: 'state = ?', values: [state] }]),
      ...(before === undefined
        ? []
        : [{ sql: '(created_at_ms, id) < (?, ?)', values: [before.createdAtMs, before.id] }]),
    ];
    const where = conditions.map(({ sql }) => sql).join(' and ');
    // Each of these indexes has the order of the list, so that a page is read and never sorted.
    const index =
      state !== undefined ? 'jobs_by_key_and_state' : kind === undefined ? 'jobs_by_key' : 'jobs_by_key_and_kind';
    return this.#database
      .prepare(`
        select ${jobColumns} from jobs indexed by ${index} where ${where} order by created_at_ms desc, id desc limit ?`)
      .all(...conditions.flatMap(({ values }) => values), limit)
      .map(jobRecordOf);
  }

  listUnfinished(offeredBeforeMs: number, limit: number): JobRecord[] {
    return this.#listUnfinished.all(offeredBeforeMs, limit).map(jobRecordOf);
  }

  prune(updatedBeforeMs: number, limit: number): number {
    return Number(this.#prune.run(updatedBeforeMs, limit).changes);
  }
}
