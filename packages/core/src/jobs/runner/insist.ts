import { setTimeout as delay } from 'node:timers/promises';

/** Tries again, a few times within about ten seconds, what fails only while a store is in trouble. Throws the last error. */
export async function insist<Result>(
  task: () => Promise<Result>,
  pausesMs: readonly number[] = [100, 400, 1_500, 8_000],
): Promise<Result> {
  for (const pauseMs of pausesMs) {
    try {
      return await task();
    } catch {
      await delay(pauseMs);
    }
  }
  return task();
}
