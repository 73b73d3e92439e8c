import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  decideIdempotency,
  type IdempotencyDecision,
  type IdempotencyEntry,
  type StoredAnswer,
} from '../../../idempotency/decide-idempotency.ts';
import type { BeginRequest, IdempotencyName, IdempotencyStore } from '../../../idempotency/idempotency-store.ts';
import type { CallKinds, Synchronous } from '../calls/call-kind.ts';
import { jsonOf, type Row, textOrNull } from './row.ts';

export const idempotencyCalls: CallKinds<IdempotencyStore> = {
  begin: 'quick',
  renew: 'quick',
  finish: 'quick',
  abandon: 'quick',
  prune: 'quick',
};

export class IdempotencyTable implements Synchronous<IdempotencyStore> {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #renew: StatementSync;
  readonly #finish: StatementSync;
  readonly #abandon: StatementSync;
  readonly #prune: StatementSync;

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('select * from idempotency where key_id = ? and key = ?');
    this.#insert = database.prepare('insert or replace into idempotency values (?, ?, ?, ?, ?, null, ?)');
    this.#renew = database.prepare(
      'update idempotency set running_until_ms = ? where key_id = ? and key = ? and answer is null',
    );
    this.#finish = database.prepare('update idempotency set answer = ? where key_id = ? and key = ?');
    this.#abandon = database.prepare('delete from idempotency where key_id = ? and key = ? and answer is null');
    this.#prune = database.prepare(`
      delete from idempotency where (key_id, key) in (
        select key_id, key from idempotency where created_at_ms < ? order by created_at_ms limit ?)`);
  }

  begin(request: BeginRequest): IdempotencyDecision {
    const { keyId, key, fingerprint, nowMs, runningUntilMs } = request;
    const decision = decideIdempotency(this.find(request), fingerprint, request);
    if (decision.outcome === 'begin') this.#insert.run(keyId, key, fingerprint, nowMs, null, runningUntilMs);
    return decision;
  }

  renew({ keyId, key }: IdempotencyName, runningUntilMs: number): void {
    this.#renew.run(runningUntilMs, keyId, key);
  }

  finish({ keyId, key }: IdempotencyName, answer: StoredAnswer): void {
    this.#finish.run(JSON.stringify(answer), keyId, key);
  }

  abandon({ keyId, key }: IdempotencyName): void {
    this.#abandon.run(keyId, key);
  }

  prune(createdBeforeMs: number, limit: number): number {
    return Number(this.#prune.run(createdBeforeMs, limit).changes);
  }

  find({ keyId, key }: IdempotencyName): IdempotencyEntry | undefined {
    const row = this.#find.get(keyId, key);
    return row && entryOf(row);
  }

  /** Notes the job a key made, in the transaction that makes the job. */
  keepJob({ keyId, key }: IdempotencyName, fingerprint: string, jobId: string, atMs: number): void {
    this.#insert.run(keyId, key, fingerprint, atMs, jobId, 0);
  }
}

function entryOf(row: Row): IdempotencyEntry {
  return {
    fingerprint: String(row['fingerprint']),
    createdAtMs: Number(row['created_at_ms']),
    jobId: textOrNull(row['job_id']),
    answer: jsonOf(row['answer']),
    runningUntilMs: Number(row['running_until_ms']),
  };
}
