import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Stores } from '../stores.ts';
import { openSqlite } from './open-sqlite.ts';
import { SqliteJobStore } from './sqlite-job-store.ts';
import { SqliteKeyStore } from './sqlite-key-store.ts';
import { SqliteUsageStore } from './sqlite-usage-store.ts';

export interface SqliteStoresOptions {
  /** The folder for `anura.db`; made when missing. */
  readonly dataDir: string;
}

/**
 * Opens the stores of a server on one machine, all in one file. Two servers may share the folder: they wait for each other
 * while writing, and see each other's keys. Throws a `GatewayError` that says what to do.
 */
export function openSqliteStores({ dataDir }: SqliteStoresOptions): Stores {
  const path = join(dataDir, 'anura.db');
  // Two connections, because how durable a commit is belongs to the connection.
  const durable = openSqlite(path, { durability: 'full' });
  const quick = openBeside(durable, path);
  return {
    keys: new SqliteKeyStore({ durable, quick }),
    usage: new SqliteUsageStore(quick),
    jobs: new SqliteJobStore(quick),
    close: async () => {
      closeOnce(quick);
      closeOnce(durable);
    },
  };
}

function openBeside(durable: DatabaseSync, path: string): DatabaseSync {
  try {
    return openSqlite(path, { durability: 'normal' });
  } catch (error) {
    durable.close();
    throw error;
  }
}

function closeOnce(database: DatabaseSync): void {
  if (database.isOpen) database.close();
}
