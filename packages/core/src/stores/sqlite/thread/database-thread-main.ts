import { parentPort, workerData } from 'node:worker_threads';
import { type CallOutcome, DatabaseTables } from '../calls/database-tables.ts';
import { openSqlite } from '../open-sqlite.ts';
import { sqliteError } from '../sqlite-error.ts';
import type {
  NumberedCall,
  NumberedOutcome,
  ThreadAnswer,
  ThreadData,
  ThreadFailure,
  ThreadRequest,
} from './messages.ts';

/**
 * The thread that owns the connection, so that no request waits for the disk. Calls that arrive while it waits for the disk
 * itself share the next commit: the busier it is, the more of them.
 */
const port = parentPort;
if (!port) throw new Error('this file is the entry of a worker thread');

/** Here waiting for another process blocks nobody else. */
const busyTimeoutMs = 5_000;

const database = openSqlite((workerData as ThreadData).path, { durability: 'full' });
database.exec(`pragma busy_timeout = ${busyTimeoutMs}; pragma cache_size = -65536`);
const tables = new DatabaseTables(database);

let waiting: NumberedCall[] = [];
let turn: NodeJS.Immediate | undefined;

port.on('message', (request: ThreadRequest) => {
  if (request.type === 'close') return close();
  waiting.push(...request.calls);
  turn ??= setImmediate(runWaiting);
});

function runWaiting(): void {
  turn = undefined;
  const calls = waiting;
  waiting = [];
  const outcomes = tables.run(calls);
  port?.postMessage(calls.map(({ id }, index) => numbered(id, outcomes[index])) satisfies ThreadAnswer);
}

/** With the port closed nothing keeps the thread alive, and it ends by itself. */
function close(): void {
  clearImmediate(turn);
  if (waiting.length > 0) runWaiting();
  database.close();
  port?.close();
}

function numbered(id: number, outcome: CallOutcome | undefined): NumberedOutcome {
  if (outcome && 'result' in outcome) return { id, result: outcome.result };
  return { id, failure: failureOf(outcome?.error) };
}

function failureOf(thrown: unknown): ThreadFailure {
  const { code, message, retry, data } = sqliteError('The database', thrown);
  return { code, message, retry, data, cause: thrown instanceof Error ? thrown.stack : String(thrown) };
}
