import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './sqlite-error.ts';

/** Tries again while another process holds the lock, leaving the thread to others between tries. Waits up to `forMs` in all. */
export async function retryBusy<Result>(work: () => Result, forMs = 5_000, pauseMs = 50): Promise<Result> {
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || waitedMs >= forMs) throw error;
    }
    await sleep(pauseMs);
  }
}
