import { DatabaseSync } from 'node:sqlite';
import { type CallOutcome, DatabaseTables, type StoreCall } from './calls/database-tables.ts';
import { migrations } from './migrations.ts';

/** A database that ends with the process, in this thread. The caller closes it. */
export function openMemoryDatabase(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec('pragma foreign_keys = on');
  for (const step of migrations) database.exec(step);
  return database;
}

/** Sends calls to a database of this thread, each with a commit of its own. */
export function callsTo(database: DatabaseSync): (call: StoreCall) => Promise<unknown> {
  const tables = new DatabaseTables(database);
  return async (call) => {
    const [outcome]: (CallOutcome | undefined)[] = tables.run([call]);
    if (outcome && 'result' in outcome) return outcome.result;
    throw outcome?.error;
  };
}
