import { systemClock } from '../../scheduler/clock.ts';

/** Time as jobs see it: it must mean the same after a restart. Tests turn it by hand. */
export interface WallClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `task` once, never before `delayMs` have passed; the returned function cancels it. */
  after(delayMs: number, task: () => void): () => void;
}

export const wallClock: WallClock = { now: Date.now, after: systemClock.after };

/** Resolves after the time, or rejects with the signal's reason. */
export function sleep(clock: WallClock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener('abort', left);
      resolve();
    });
    function left(): void {
      cancel();
      reject(signal.reason);
    }
    signal.addEventListener('abort', left, { once: true });
  });
}
