import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqliteError } from '../../stores/sqlite/sqlite-error.ts';

/** Raised when the tables change: an index can be built again, so an older one is emptied, not migrated. */
const schemaVersion = 1;

const schema = `
  drop table if exists documents;
  drop table if exists words;
  drop table if exists queries;
  create table documents (
    id integer primary key,
    collection text not null,
    name text not null,
    url text not null,
    title text not null,
    stamp text not null,
    unique (collection, name)
  );
  create virtual table words using fts5 (title, body, tokenize = 'porter unicode61 remove_diacritics 2');
  create table queries (
    query text primary key,
    shown text not null,
    times integer not null,
    asked_at integer not null
  );
  create index queries_by_age on queries (asked_at);
  pragma user_version = ${schemaVersion};
`;

/**
 * Opens the index's file, making it and its folder where they are missing. What is in it can be made again from the
 * documents, so it is not flushed at every commit.
 *
 * @throws GatewayError `internal` naming the file. The caller closes it.
 */
export function openSearchDatabase(path: string): DatabaseSync {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(path);
    database.exec('pragma busy_timeout = 2000; pragma journal_mode = wal; pragma synchronous = normal');
    const version = database.prepare('pragma user_version').get()?.['user_version'];
    if (version !== schemaVersion) database.exec(`begin immediate; ${schema} commit`);
    return database;
  } catch (cause) {
    throw sqliteError(`The search index ${path}`, cause);
  }
}
