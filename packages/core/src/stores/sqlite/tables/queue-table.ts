import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  GiveBack,
  JobLease,
  NewJob,
  QueueBounds,
  SavedOperation,
} from '../../../jobs/durable/durable-job-store.ts';
import { deadlineOf, type JobTimeouts } from '../../../jobs/durable/job-timeouts.ts';
import type { JobRecord } from '../../../jobs/job-record.ts';
import { jsonOf, type Row } from './row.ts';

/** A job on its way, without its record. */
export interface QueueEntry {
  readonly sequence: number;
  readonly jobId: string;
  readonly model: string;
  readonly weight: number;
  /** The smaller goes first within a model; keys take turns. */
  readonly turn: number;
  readonly attempt: number;
  /** 0 when nobody holds it. */
  readonly leaseUntilMs: number;
  readonly failures: number;
  readonly lapses: number;
  readonly timeouts: JobTimeouts;
  readonly operation: SavedOperation | null;
}

/** The undelivered jobs that survive: who goes next, who holds what, until when. One row for each, gone with its end. */
export class QueueTable {
  readonly #counts: StatementSync;
  readonly #turns: StatementSync;
  readonly #enter: StatementSync;
  readonly #leave: StatementSync;
  readonly #find: StatementSync;
  readonly #lapsed: StatementSync;
  readonly #lapse: StatementSync;
  readonly #claim: StatementSync;
  readonly #renew: StatementSync;
  readonly #release: StatementSync;
  readonly #saveOperation: StatementSync;
  readonly #setDeadline: StatementSync;
  readonly #overdue: StatementSync;
  readonly #ahead: StatementSync;
  readonly #running: StatementSync;

  constructor(database: DatabaseSync) {
    this.#counts = database.prepare(`
      select coalesce((select queued from job_queue_counts where key_id = ''), 0) as in_all,
        coalesce((select queued from job_queue_counts where key_id = ?), 0) as of_key`);
    this.#turns = database.prepare(`
      select (select min(turn) from job_queue where lease_until_ms = 0 and model = ?1) as now_serving,
        (select max(turn) from job_queue where lease_until_ms = 0 and model = ?1 and key_id = ?2) as last_of_key`);
    this.#enter = database.prepare(`
      insert into job_queue (job_id, key_id, model, weight, turn, attempt, lease_until_ms, ready_at_ms, deadline_ms,
        failures, lapses, timeouts) values (?, ?, ?, ?, ?, 0, 0, 0, ?, 0, 0, ?)`);
    this.#leave = database.prepare('delete from job_queue where job_id = ?');
    this.#find = database.prepare('select * from job_queue where job_id = ?');
    this.#lapsed = database.prepare(`
      select * from job_queue where lease_until_ms > 0 and lease_until_ms <= ? order by lease_until_ms limit ?`);
    this.#lapse = database.prepare('update job_queue set lease_until_ms = 0, lapses = lapses + 1 where job_id = ?');
    this.#claim = database.prepare(`
      update job_queue set lease_until_ms = ?, attempt = attempt + 1 where sequence in (
        select sequence from job_queue where lease_until_ms = 0 and model = ? and ready_at_ms <= ?
        order by turn, sequence limit ?) returning *`);
    this.#renew = database.prepare(`
      update job_queue set lease_until_ms = ? where job_id = ? and attempt = ? and lease_until_ms > 0`);
    this.#release = database.prepare(`
      update job_queue set lease_until_ms = 0, ready_at_ms = ?, failures = failures + ?,
        operation = case when ? then null else operation end where job_id = ?`);
    this.#saveOperation = database.prepare('update job_queue set operation = ? where job_id = ?');
    this.#setDeadline = database.prepare('update job_queue set deadline_ms = ? where job_id = ?');
    this.#overdue = database.prepare(`
      select job_id from job_queue where deadline_ms <= ? order by deadline_ms limit ?`);
    this.#ahead = database.prepare(`
      select count(*) as jobs from job_queue where lease_until_ms = 0 and model = ? and (turn, sequence) < (?, ?)`);
    this.#running = database.prepare('select count(*) as jobs from job_queue where lease_until_ms > 0 and model = ?');
  }

  /** Whose bound is reached, if any. */
  fullFor(keyId: string, { perKey, inAll }: QueueBounds): 'key' | 'everybody' | undefined {
    const counts = this.#counts.get(keyId);
    if (Number(counts?.['in_all']) >= inAll) return 'everybody';
    return Number(counts?.['of_key']) >= perKey ? 'key' : undefined;
  }

  get length(): number {
    return Number(this.#counts.get('')?.['in_all']);
  }

  /**
   * Start-time fair queueing: a key that comes new is served next to whoever is served now, and each further job of a key
   * waits one turn longer, shorter for heavier keys. A key with a thousand jobs delays another by one.
   */
  enter({ record, timeouts, weight = 1 }: NewJob): void {
    const { id, keyId, model } = record;
    const turns = this.#turns.get(model, keyId);
    const lastOfKey = turns?.['last_of_key'];
    const next = typeof lastOfKey === 'number' ? lastOfKey + 1 / weight : 0;
    const turn = Math.max(Number(turns?.['now_serving'] ?? 0), next);
    this.#enter.run(id, keyId, model, weight, turn, deadlineOf(record, timeouts).atMs, JSON.stringify(timeouts));
  }

  leave(jobId: string): void {
    this.#leave.run(jobId);
  }

  find(jobId: string): QueueEntry | undefined {
    const row = this.#find.get(jobId);
    return row && entryOf(row);
  }

  /** The entry, when this attempt still holds it. */
  held({ id, attempt }: JobLease): QueueEntry | undefined {
    const entry = this.find(id);
    return entry?.attempt === attempt && entry.leaseUntilMs > 0 ? entry : undefined;
  }

  /** Releases what its holders did not renew in time and returns it. */
  takeLapsed(nowMs: number, limit: number): QueueEntry[] {
    const lapsed = this.#lapsed.all(nowMs, limit).map(entryOf);
    for (const { jobId } of lapsed) this.#lapse.run(jobId);
    return lapsed;
  }

  claim(model: string, count: number, nowMs: number, leaseUntilMs: number): QueueEntry[] {
    const claimed = this.#claim.all(leaseUntilMs, model, nowMs, count).map(entryOf);
    return claimed.sort((one, other) => one.turn - other.turn || one.sequence - other.sequence);
  }

  renew({ id, attempt }: JobLease, leaseUntilMs: number): boolean {
    return this.#renew.run(leaseUntilMs, id, attempt).changes > 0;
  }

  release(jobId: string, { readyAtMs, failed, forgetOperation }: GiveBack): void {
    this.#release.run(readyAtMs, failed ? 1 : 0, forgetOperation ? 1 : 0, jobId);
  }

  saveOperation(jobId: string, operation: SavedOperation): void {
    this.#saveOperation.run(JSON.stringify(operation), jobId);
  }

  /** To be called whenever the job's state has changed. */
  setDeadline(record: JobRecord, timeouts: JobTimeouts): void {
    this.#setDeadline.run(deadlineOf(record, timeouts).atMs, record.id);
  }

  overdue(nowMs: number, limit: number): string[] {
    return this.#overdue.all(nowMs, limit).map((row) => String(row['job_id']));
  }

  ahead({ leaseUntilMs, model, turn, sequence }: QueueEntry): number {
    return leaseUntilMs > 0 ? 0 : Number(this.#ahead.get(model, turn, sequence)?.['jobs']);
  }

  running(model: string): number {
    return Number(this.#running.get(model)?.['jobs']);
  }
}

function entryOf(row: Row): QueueEntry {
  return {
    sequence: Number(row['sequence']),
    jobId: String(row['job_id']),
    model: String(row['model']),
    weight: Number(row['weight']),
    turn: Number(row['turn']),
    attempt: Number(row['attempt']),
    leaseUntilMs: Number(row['lease_until_ms']),
    failures: Number(row['failures']),
    lapses: Number(row['lapses']),
    timeouts: jsonOf(row['timeouts']),
    operation: jsonOf(row['operation']),
  };
}
