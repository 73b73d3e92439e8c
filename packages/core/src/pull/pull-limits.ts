import type { RegistryHttpOptions } from './registry-http.ts';
import { retryDelayMs } from './retrying.ts';

/** How patient a pull is. */
export interface PullLimits extends RegistryHttpOptions {
  /** Failures in a row without a single new byte before a pull gives up. Default 6, which is about half a minute. */
  readonly maxFailures: number;
  /** Milliseconds to wait after so many failures in a row. Default: doubling from one second to thirty. */
  readonly delayMs: (failures: number) => number;
}

export function pullLimits(limits: Partial<PullLimits> = {}): PullLimits {
  return { connectTimeoutMs: 10_000, idleTimeoutMs: 30_000, maxFailures: 6, delayMs: retryDelayMs, ...limits };
}
