import { backOffMs } from '../../errors/back-off.ts';
import type { GatewayError } from '../../errors/gateway-error.ts';

/** What to do with a job that was not done. */
export type RetryPlan =
  | { readonly action: 'fail' }
  | {
      readonly action: 'retry';
      readonly delayMs: number;
      /** Whether it counts as a failure of the engine. */
      readonly failed: boolean;
    };

export interface RetryFacts {
  /** `matching`: no provider had begun. */
  readonly stage: 'matching' | 'running';
  /** How often an engine failed it before. */
  readonly failures: number;
  readonly maxFailures: number;
}

const bounds = { shortestMs: 1_000, longestMs: 60_000 };
const longestMatchingMs = 5_000;

/**
 * Nobody free, nobody healthy, nobody there yet: the job waits, for as long as its match timeout lets it. An engine that
 * failed it is tried again, or another, a bounded number of times and ever later.
 */
export function planRetry(error: GatewayError, facts: RetryFacts, random: () => number = Math.random): RetryPlan {
  const { stage, failures, maxFailures } = facts;
  if (stage === 'matching') {
    if (error.code === 'invalid-request' || error.code === 'internal') return { action: 'fail' };
    // Slots may come back sooner than anybody can tell, and looking again costs little.
    return { action: 'retry', delayMs: Math.min(longestMatchingMs, delayMs(error, 1, random)), failed: false };
  }
  if (error.retry === 'never' || failures + 1 >= maxFailures) return { action: 'fail' };
  return { action: 'retry', delayMs: delayMs(error, failures + 1, random), failed: true };
}

/** 1, 2, 4 … at most 60 seconds; later where the error says so. */
function delayMs(error: GatewayError, failures: number, random: () => number): number {
  return Math.round(Math.max(backOffMs(failures, bounds, random), error.data.retryAfterMs ?? 0));
}
