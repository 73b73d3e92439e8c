import { setTimeout as sleep } from 'node:timers/promises';
import { serveThread } from '../thread/serve-thread.ts';

interface Order {
  readonly echo?: string;
  readonly afterMs?: number;
  readonly fail?: string;
  readonly crash?: boolean;
  readonly spin?: boolean;
}

/** A thread for tests of the pool: it does what it is told, good or bad. */
serveThread(async (asked) => {
  const { echo, afterMs, fail, crash, spin } = asked as Order;
  while (spin);
  if (crash) process.exit(1);
  if (afterMs) await sleep(afterMs);
  if (fail) throw new Error(fail);
  return echo;
});
