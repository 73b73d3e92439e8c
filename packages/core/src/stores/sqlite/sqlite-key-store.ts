import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { KeyStore, KeyUse, StoredKey } from '../../keys/key-store.ts';
import { retryBusy } from './retry-busy.ts';
import { sqliteError } from './sqlite-error.ts';
import { inTransaction } from './transaction.ts';

type Row = Record<string, SQLOutputValue>;

export interface SqliteKeyStoreDatabases {
  /** With durability `full`: a new or revoked key must not come back undone. */
  readonly durable: DatabaseSync;
  /** With durability `normal`, for last uses. May be the same. */
  readonly quick: DatabaseSync;
}

/** Keys in the table `keys`. Does not close the databases. */
export class SqliteKeyStore implements KeyStore {
  readonly #databases: SqliteKeyStoreDatabases;
  readonly #insert: StatementSync;
  readonly #revoke: StatementSync;
  readonly #raiseRevision: StatementSync;
  readonly #noteUse: StatementSync;

  constructor(databases: SqliteKeyStoreDatabases) {
    this.#databases = databases;
    this.#insert = databases.durable.prepare(`
      insert into keys (id, hash, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at, rate_limit, weight)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#revoke = databases.durable.prepare('update keys set revoked_at = coalesce(revoked_at, ?) where id = ?');
    this.#raiseRevision = databases.durable.prepare(`update revisions set value = value + 1 where name = 'keys'`);
    this.#noteUse = databases.quick.prepare(
      `update keys set last_used_at = ?1 where id = ?2 and coalesce(last_used_at, '') < ?1`,
    );
  }

  async list(): Promise<StoredKey[]> {
    return this.#databases.durable.prepare('select * from keys order by created_at, rowid').all().map(storedKeyOf);
  }

  async insert({ key, hash }: StoredKey): Promise<void> {
    await this.#change('The key was not saved: the database', () => {
      this.#insert.run(
        ...[key.id, hash, key.name, key.prefix, JSON.stringify(key.scopes), key.created_at, key.expires_at],
        ...[key.last_used_at, key.revoked_at, JSON.stringify(key.rate_limit), key.weight],
      );
    });
  }

  async revoke(id: string, revokedAt: string): Promise<boolean> {
    return this.#change('The key was not revoked: the database', () => this.#revoke.run(revokedAt, id).changes > 0);
  }

  async noteUses(uses: readonly KeyUse[]): Promise<void> {
    inTransaction(this.#databases.quick, () => {
      for (const { id, lastUsedAt } of uses) this.#noteUse.run(lastUsedAt, id);
    });
  }

  async revision(): Promise<number> {
    return Number(this.#databases.durable.prepare(`select value from revisions where name = 'keys'`).get()?.['value']);
  }

  async #change<Result>(subject: string, work: () => Result): Promise<Result> {
    const change = () => {
      const result = work();
      this.#raiseRevision.run();
      return result;
    };
    try {
      return await retryBusy(() => inTransaction(this.#databases.durable, change));
    } catch (error) {
      throw sqliteError(subject, error);
    }
  }
}

function storedKeyOf(row: Row): StoredKey {
  return {
    hash: String(row['hash']),
    key: {
      id: String(row['id']),
      name: textOf(row['name']),
      prefix: String(row['prefix']),
      scopes: JSON.parse(String(row['scopes'])),
      created_at: String(row['created_at']),
      expires_at: textOf(row['expires_at']),
      last_used_at: textOf(row['last_used_at']),
      revoked_at: textOf(row['revoked_at']),
      rate_limit: JSON.parse(String(row['rate_limit'])),
      weight: Number(row['weight']),
    },
  };
}

function textOf(value: SQLOutputValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
