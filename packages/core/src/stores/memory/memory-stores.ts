import { remoteStores } from '../sqlite/calls/remote-stores.ts';
import { callsTo, openMemoryDatabase } from '../sqlite/open-memory-database.ts';
import type { Stores } from '../stores.ts';
import { MemoryKeyStore } from './memory-key-store.ts';

/** Stores that end with the process: for tests, and for a server that must leave nothing behind. All but the keys are SQLite in memory. */
export function openMemoryStores(): Stores {
  const database = openMemoryDatabase();
  return {
    ...remoteStores(callsTo(database)),
    keys: new MemoryKeyStore(),
    close: async () => {
      if (database.isOpen) database.close();
    },
  };
}
