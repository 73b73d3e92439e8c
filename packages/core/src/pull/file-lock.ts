import { rm, stat } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../errors/gateway-error.ts';

const pollMs = 200;
const sqliteBusy = 5;

export interface FileLockOptions {
  readonly signal: AbortSignal;
  /** Called about five times a second while someone else holds the lock. */
  readonly onWait?: () => void | Promise<void>;
}

/**
 * Holds a lock file against other processes (and other calls in this one) until the returned function is called.
 *
 * The lock is the operating system's, taken through an empty SQLite database: it is gone the moment its holder dies, so there are
 * no stale locks to detect by age or process id, which goes wrong in containers.
 */
export async function acquireFileLock(path: string, options: FileLockOptions): Promise<() => Promise<void>> {
  for (;;) {
    const release = await tryFileLock(path);
    if (release) return release;
    await options.onWait?.();
    await sleep(pollMs, undefined, { signal: options.signal });
  }
}

/** The lock at once, or nothing when someone else holds it. */
export async function tryFileLock(path: string): Promise<(() => Promise<void>) | undefined> {
  for (;;) {
    const before = await inodeOf(path);
    const database = lockDatabase(path);
    if (!database) return undefined;
    // The previous holder removes the file while holding it: a lock on a file that is no longer there protects nothing.
    const after = await inodeOf(path);
    if (after !== undefined && (before === undefined || before === after)) {
      return async () => {
        await rm(path, { force: true });
        database.close();
      };
    }
    database.close();
  }
}

function lockDatabase(path: string): DatabaseSync | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) return undefined;
    throw new GatewayError('internal', 'The models folder does not support file locks. Use a folder on a local disk.', {
      cause: error,
    });
  }
}

async function inodeOf(path: string): Promise<bigint | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats?.ino;
}
