import { onAbort } from './on-abort.js';

/** Resolves after `delayMs`, or throws the signal's reason as soon as it is aborted. */
export function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(() => {
      stay();
      resolve();
    }, delayMs);
    const stay = onAbort(signal, () => {
      clearTimeout(timer);
      stay();
      reject(signal?.reason);
    });
  });
}
