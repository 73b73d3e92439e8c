import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Stores } from '../stores.ts';
import { remoteStores } from './calls/remote-stores.ts';
import { openSqlite } from './open-sqlite.ts';
import { SqliteKeyStore } from './sqlite-key-store.ts';
import { DatabaseThread } from './thread/database-thread.ts';

export interface SqliteStoresOptions {
  /** The folder for `anura.db`; made when missing. */
  readonly dataDir: string;
}

/**
 * Opens the stores of a server on one machine, all in one file. Two servers may share the folder: they wait for each other
 * while writing, and see each other's keys and jobs. Throws a `GatewayError` that says what to do.
 *
 * Keys, which are few, are kept from this thread; all else is written by a thread of its own, many calls in one commit.
 */
export function openSqliteStores({ dataDir }: SqliteStoresOptions): Stores {
  const path = join(dataDir, 'anura.db');
  // Two connections, because how durable a commit is belongs to the connection.
  const durable = openSqlite(path, { durability: 'full' });
  const quick = openBeside(durable, path);
  const thread = new DatabaseThread(path);
  return {
    keys: new SqliteKeyStore({ durable, quick }),
    ...remoteStores(thread.send),
    close: async () => {
      await thread.close();
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
