import { setTimeout as sleep } from 'node:timers/promises';
import { backOffMs } from '../errors/back-off.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { stopped } from './network-error.ts';

export interface RetryOptions {
  readonly signal: AbortSignal;
  /** Failures in a row before giving up. */
  readonly maxFailures: number;
  /** Milliseconds to wait after so many failures in a row. */
  readonly delayMs: (failures: number) => number;
  /** True when the last attempt got further: the count of failures begins anew. */
  readonly gotFurther?: () => boolean;
  readonly onRetry?: (error: GatewayError, waitMs: number) => void;
}

/** 1, 2, 4 … at most 30 seconds. */
export function retryDelayMs(failures: number, random: () => number = Math.random): number {
  return backOffMs(failures, { shortestMs: 1_000, longestMs: 30_000 }, random);
}

/** Tries again while the error says that another try here could help. */
export async function retrying<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  let failures = 0;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (options.signal.aborted) throw stopped(options.signal);
      if (!GatewayError.is(error) || error.retry !== 'here') throw error;
      failures = options.gotFurther?.() ? 1 : failures + 1;
      if (failures >= options.maxFailures) throw error;
      const waitMs = Math.max(options.delayMs(failures), error.data.retryAfterMs ?? 0);
      options.onRetry?.(error, waitMs);
      await sleep(waitMs, undefined, { signal: options.signal }).catch(() => {
        throw stopped(options.signal);
      });
    }
  }
}
