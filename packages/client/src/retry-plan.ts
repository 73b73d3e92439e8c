import { backOffMs } from '@anura/core';
import type { AnuraError } from './anura-error.js';

export type RetryFacts = {
  /** Failed tries so far, this one included. */
  readonly failures: number;
  readonly retries: number;
  /** Whether sending it twice makes nothing twice: it only reads, or carries an `Idempotency-Key`. */
  readonly repeatable: boolean;
};

const bounds = { shortestMs: 500, longestMs: 8_000 };

/** A longer `Retry-After`, such as that of a spent monthly budget, is for a person to hear about, not to be slept through. */
const longestWaitMs = 60_000;

/**
 * How long to wait before the call is sent again, in milliseconds; `undefined` to give up.
 *
 * The server did nothing when it refused with 429 or 503 and says when to come back: any call may be repeated then. When the
 * connection failed nobody knows what it did: only a repeatable call is. Every other error would be the same again.
 */
export function planRetry(
  error: AnuraError,
  { failures, retries, repeatable }: RetryFacts,
  random: () => number = Math.random,
): number | undefined {
  const { status, retryAfterMs } = error;
  if (failures > retries) return undefined;
  const delayMs = backOffMs(failures, bounds, random);
  const refused = (status === 429 || status === 503) && retryAfterMs !== undefined;
  if (refused) return retryAfterMs > longestWaitMs ? undefined : Math.max(delayMs, retryAfterMs);
  return repeatable && isUnreachable(error) ? delayMs : undefined;
}

/** The connection failed, or a proxy says that it could not reach the server. */
export const isUnreachable = ({ code, status }: AnuraError): boolean =>
  code === 'no_server' || (code === 'not_the_api' && (status === 502 || status === 503 || status === 504));
