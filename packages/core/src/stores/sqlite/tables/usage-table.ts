import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { UsageCount } from '../../../usage/usage-count.ts';
import type { UsageFilter, UsageStore } from '../../../usage/usage-store.ts';
import type { CallKinds, Synchronous } from '../calls/call-kind.ts';

export const usageCalls: CallKinds<UsageStore> = { addAll: 'quick', read: 'read' };

export class UsageTable implements Synchronous<UsageStore> {
  readonly #database: DatabaseSync;
  readonly #add: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#add = database.prepare(`
      insert into usage (key_id, day, model, requests, failed_requests, prompt_tokens, completion_tokens)
      values (?, ?, ?, ?, ?, ?, ?)
      on conflict (key_id, day, model) do update set
        requests = requests + excluded.requests,
        failed_requests = failed_requests + excluded.failed_requests,
        prompt_tokens = prompt_tokens + excluded.prompt_tokens,
        completion_tokens = completion_tokens + excluded.completion_tokens`);
  }

  addAll(counts: readonly UsageCount[]): void {
    for (const { key_id, day, model, requests, failed_requests, prompt_tokens, completion_tokens } of counts) {
      this.#add.run(key_id, day, model, requests, failed_requests, prompt_tokens, completion_tokens);
    }
  }

  read({ from, to, keyId, model }: UsageFilter): UsageCount[] {
    const conditions = [
      { sql: 'day >= ?', value: from },
      { sql: 'day <= ?', value: to },
      { sql: 'key_id = ?', value: keyId },
      { sql: 'model = ?', value: model },
    ].flatMap(({ sql, value }) => (value === undefined ? [] : [{ sql, value }]));
    const where = conditions.length === 0 ? '' : `where ${conditions.map(({ sql }) => sql).join(' and ')}`;
    const rows = this.#database.prepare(`select * from usage ${where}`).all(...conditions.map(({ value }) => value));
    return rows.map((row) => ({
      key_id: String(row['key_id']),
      day: String(row['day']),
      model: String(row['model']),
      requests: Number(row['requests']),
      failed_requests: Number(row['failed_requests']),
      prompt_tokens: Number(row['prompt_tokens']),
      completion_tokens: Number(row['completion_tokens']),
    }));
  }
}
