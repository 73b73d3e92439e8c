import { AnuraError } from './anura-error.js';
import type { Connection } from './connection.js';
import type { Outgoing } from './exchange.js';
import { hasHeader } from './has-header.js';
import { pause } from './pause.js';
import { planRetry } from './retry-plan.js';

/** Tries, and again where the plan says so. Throws what the last try threw, or the signal's reason. */
export async function retrying<T>(
  { retries, onRetry }: Connection,
  outgoing: Outgoing,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  const repeatable = isRepeatable(outgoing);
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      const delayMs = AnuraError.is(error) ? planRetry(error, { failures, retries, repeatable }) : undefined;
      if (delayMs === undefined) throw error;
      onRetry?.({ error: error as AnuraError, failures, delayMs });
      await pause(delayMs, signal);
    }
  }
}

const isRepeatable = ({ method, headers }: Outgoing): boolean =>
  method === 'GET' || hasHeader(headers, 'idempotency-key');
