import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../../errors/gateway-error.ts';
import { migrations } from './migrations.ts';
import { sqliteError } from './sqlite-error.ts';
import { inTransaction } from './transaction.ts';

export interface OpenSqliteOptions {
  /**
   * `full`: a commit is on disk before it returns. `normal`: it survives the end of the process, but the last ones may be
   * lost with the power; no commit waits for the disk.
   */
  readonly durability: 'full' | 'normal';
}

/** Opening may wait for another server that is upgrading the file; later calls block the thread, so they wait for less. */
const openTimeoutMs = 5_000;
const callTimeoutMs = 20;

/**
 * Opens a database file and brings it up to date, making file (mode 0600) and folder where they are missing. Several
 * processes may have the same file open. Throws a `GatewayError` that names the file and says what to do. The caller closes it.
 */
export function openSqlite(path: string, { durability }: OpenSqliteOptions): DatabaseSync {
  makePrivateFile(path);
  const database = openFile(path);
  try {
    database.exec(`pragma busy_timeout = ${openTimeoutMs}`);
    useWriteAheadLog(database, path);
    database.exec(`pragma synchronous = ${durability}; pragma foreign_keys = on`);
    migrate(database, path);
    database.exec(`pragma busy_timeout = ${callTimeoutMs}`);
    return database;
  } catch (error) {
    database.close();
    throw sqliteError(`The database ${path}`, error);
  }
}

/** SQLite gives its side files the rights of the main one, so it is enough to set these. */
function makePrivateFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const advice = 'Give the user who runs Anura the right to write there, or choose another data directory.';
    throw new GatewayError('internal', `The database ${path} cannot be made or written to (${reason}). ${advice}`, {
      cause: error,
    });
  }
}

function openFile(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path);
  } catch (error) {
    throw sqliteError(`The database ${path}`, error);
  }
}

function useWriteAheadLog(database: DatabaseSync, path: string): void {
  const mode = database.prepare('pragma journal_mode = wal').get()?.['journal_mode'];
  if (mode === 'wal') return;
  const advice = 'Choose a data directory on a local disk.';
  throw new GatewayError(
    'internal',
    `The database ${path} is on a file system without shared memory, which SQLite needs. ${advice}`,
  );
}

function migrate(database: DatabaseSync, path: string): void {
  if (schemaVersion(database) === migrations.length) return;
  inTransaction(database, () => {
    // Asked again under the lock: another process may have done it meanwhile.
    const version = schemaVersion(database);
    if (version > migrations.length) throw newerFile(path, version);
    for (const step of migrations.slice(version)) database.exec(step);
    database.exec(`pragma user_version = ${migrations.length}`);
  });
}

function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare('pragma user_version').get()?.['user_version']);
}

function newerFile(path: string, version: number): GatewayError {
  const versions = `its schema is version ${version}, this Anura knows versions up to ${migrations.length}`;
  return new GatewayError(
    'internal',
    `The database ${path} was written by a newer Anura (${versions}). Update Anura, or choose another data directory.`,
  );
}
