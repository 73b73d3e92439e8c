import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { JobRecord } from '../../jobs/job-record.ts';
import type { JobStore } from '../../jobs/job-store.ts';
import { inTransaction } from './transaction.ts';

type Row = Record<string, SQLOutputValue>;

/** Jobs in the table `jobs`. Does not close the database. */
export class SqliteJobStore implements JobStore {
  readonly #database: DatabaseSync;
  readonly #save: StatementSync;
  readonly #get: StatementSync;
  readonly #listUnfinished: StatementSync;
  readonly #prune: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#save = database.prepare(`
      insert into jobs (id, key_id, kind, model, state, created_at_ms, updated_at_ms, deal, failure, result, history)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (id) do update set state = excluded.state, updated_at_ms = excluded.updated_at_ms, deal = excluded.deal,
        failure = excluded.failure, result = excluded.result, history = excluded.history`);
    this.#get = database.prepare('select * from jobs where id = ?');
    this.#listUnfinished = database.prepare(`
      select * from jobs where state in ('DealNegotiating', 'DealAgreed') and created_at_ms < ?
      order by created_at_ms limit ?`);
    this.#prune = database.prepare(`
      delete from jobs where rowid in (
        select rowid from jobs where updated_at_ms < ? and state not in ('DealNegotiating', 'DealAgreed')
        order by updated_at_ms limit ?)`);
  }

  async saveAll(records: readonly JobRecord[]): Promise<void> {
    inTransaction(this.#database, () => {
      for (const record of records) this.#save.run(...columns(record));
    });
  }

  async get(id: string): Promise<JobRecord | undefined> {
    const row = this.#get.get(id);
    return row && recordOf(row);
  }

  async listUnfinished(offeredBeforeMs: number, limit: number): Promise<JobRecord[]> {
    return this.#listUnfinished.all(offeredBeforeMs, limit).map(recordOf);
  }

  async prune(updatedBeforeMs: number, limit: number): Promise<number> {
    return Number(this.#prune.run(updatedBeforeMs, limit).changes);
  }
}

function columns(record: JobRecord): (string | number | null)[] {
  const { id, keyId, kind, model, state, createdAtMs, updatedAtMs, deal, failure, result, history } = record;
  const json = [deal, failure, result].map((value) => value && JSON.stringify(value));
  return [id, keyId, kind, model, state, createdAtMs, updatedAtMs, ...json, JSON.stringify(history)];
}

function recordOf(row: Row): JobRecord {
  return {
    id: String(row['id']),
    keyId: String(row['key_id']),
    kind: String(row['kind']) as JobRecord['kind'],
    model: String(row['model']),
    state: String(row['state']) as JobRecord['state'],
    createdAtMs: Number(row['created_at_ms']),
    updatedAtMs: Number(row['updated_at_ms']),
    deal: jsonOf(row['deal']),
    failure: jsonOf(row['failure']),
    result: jsonOf(row['result']),
    history: jsonOf(row['history']),
  };
}

/** Only this class writes the table, so what is in a column has its type. */
function jsonOf<Value>(text: SQLOutputValue | undefined): Value {
  return JSON.parse(typeof text === 'string' ? text : 'null') as Value;
}
