import type { GatewayError } from '../errors/gateway-error.ts';
import type { KeyLimits } from './key-limits.ts';
import * as errors from './limit-errors.ts';
import { MonthlyTokens, type MonthlyUsage } from './monthly-tokens.ts';
import type { Reservation } from './reservation.ts';
import { type Quota, TokenBucket } from './token-bucket.ts';

export interface KeyLimiterOptions {
  readonly monthlyUsage: MonthlyUsage;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** How a key stands after a call; a limit that does not apply is absent. */
export interface CallAllowance {
  /** Why the call must be refused; it was not counted then. */
  readonly refusal?: GatewayError;
  readonly requests?: Quota;
  readonly tokens?: Quota;
}

/** What is remembered of one key. */
interface KeyUse {
  calls?: TokenBucket;
  tokens?: TokenBucket;
  month?: MonthlyTokens;
  running: number;
  /** Requests whose use of the month is being looked up. */
  asking: number;
}

const minuteMs = 60_000;
/** Keys looked at for forgetting with every call: more than one, so that the memory shrinks while calls come. */
const sweptPerCall = 2;

/**
 * Holds every key to its limits. `countCall` stands at the door of every operation; `reserve` sets tokens aside before
 * work begins, and the reservation's `settle` gives back what was not delivered.
 *
 * A key is forgotten once nothing of its limits is used up; its use of the month is asked from the store when it returns.
 */
export class KeyLimiter {
  readonly #usage: MonthlyUsage;
  readonly #now: () => number;
  /** Least lately used first. */
  readonly #keys = new Map<string, KeyUse>();

  constructor({ monthlyUsage, now = Date.now }: KeyLimiterOptions) {
    this.#usage = monthlyUsage;
    this.#now = now;
  }

  /** Keys remembered now. */
  get size(): number {
    return this.#keys.size;
  }

  /** Counts one call of the key, or says why not. */
  countCall(keyId: string, limits: KeyLimits): CallAllowance {
    const nowMs = this.#now();
    const use = this.#use(keyId, limits, nowMs);
    const waitMs = use.calls?.waitMs(1, nowMs) ?? 0;
    if (waitMs === 0) use.calls?.take(1, nowMs);
    return {
      ...(waitMs > 0 && { refusal: errors.tooManyCalls(limits.requestsPerSecond ?? 0, waitMs) }),
      ...(use.calls && { requests: use.calls.quota(nowMs) }),
      ...(use.tokens && { tokens: use.tokens.quota(nowMs) }),
    };
  }

  /**
   * Sets aside `tokens` (the most a request may use) and a place among the key's running requests. Throws `rate-limited`
   * and takes nothing when a limit would be passed; passes on what the store throws.
   */
  async reserve(keyId: string, limits: KeyLimits, tokens: number): Promise<Reservation> {
    const use = this.#use(keyId, limits, this.#now());
    use.asking++;
    try {
      await this.#loadMonth(use, keyId, limits);
    } finally {
      use.asking--;
    }
    const refusal = whyNotReserve(use, limits, tokens, this.#now());
    if (refusal) throw refusal;
    return this.#hold(use, tokens);
  }

  async #loadMonth(use: KeyUse, keyId: string, { monthlyTokens }: KeyLimits): Promise<void> {
    if (monthlyTokens === undefined) return;
    use.month ??= new MonthlyTokens(keyId, this.#usage);
    await use.month.load(this.#now());
  }

  #hold(use: KeyUse, tokens: number): Reservation {
    use.running++;
    use.tokens?.take(tokens, this.#now());
    const settleMonth = use.month?.take(tokens, this.#now());
    let settled = false;
    return {
      tokens,
      settle: (usedTokens) => {
        if (settled) return;
        settled = true;
        use.running--;
        settleMonth?.(usedTokens, this.#now());
        if (usedTokens > tokens) use.tokens?.take(usedTokens - tokens, this.#now());
        else use.tokens?.giveBack(tokens - usedTokens, this.#now());
      },
    };
  }

  #use(keyId: string, limits: KeyLimits, nowMs: number): KeyUse {
    this.#forgetIdle(nowMs);
    const use = this.#keys.get(keyId) ?? { running: 0, asking: 0 };
    this.#keys.delete(keyId);
    this.#keys.set(keyId, use);
    const { requestsPerSecond, tokensPerMinute } = limits;
    // Less than one call per second still lets one through at a time.
    const burst = requestsPerSecond === undefined ? undefined : Math.max(1, requestsPerSecond);
    sized(use, 'calls', burst, (requestsPerSecond ?? 0) / 1000, nowMs);
    sized(use, 'tokens', tokensPerMinute, (tokensPerMinute ?? 0) / minuteMs, nowMs);
    return use;
  }

  #forgetIdle(nowMs: number): void {
    let looked = 0;
    for (const [keyId, use] of this.#keys) {
      if (isIdle(use, nowMs)) this.#keys.delete(keyId);
      if (++looked === sweptPerCall) return;
    }
  }
}

function isIdle({ running, asking, calls, tokens, month }: KeyUse, nowMs: number): boolean {
  if (running + asking > 0) return false;
  return (calls?.isFull(nowMs) ?? true) && (tokens?.isFull(nowMs) ?? true) && (month?.isStored(nowMs) ?? true);
}

/** Makes, changes or drops a bucket so that it has the limit that applies now. */
function sized(use: KeyUse, name: 'calls' | 'tokens', size: number | undefined, perMs: number, nowMs: number): void {
  if (size === undefined) delete use[name];
  else if (use[name]) use[name].resize(size, perMs, nowMs);
  else use[name] = new TokenBucket(size, perMs, nowMs);
}

function whyNotReserve(use: KeyUse, limits: KeyLimits, tokens: number, nowMs: number): GatewayError | undefined {
  const { concurrentRequests, tokensPerMinute, monthlyTokens } = limits;
  if (concurrentRequests !== undefined && use.running >= concurrentRequests) {
    return errors.tooManyAtOnce(concurrentRequests);
  }
  if (use.month && monthlyTokens !== undefined && use.month.left(monthlyTokens) < tokens) {
    return errors.monthUsedUp(tokens, use.month.left(monthlyTokens), monthlyTokens, nowMs);
  }
  const waitMs = use.tokens?.waitMs(tokens, nowMs) ?? 0;
  return waitMs > 0 ? errors.tooManyTokens(tokens, tokensPerMinute ?? 0, waitMs) : undefined;
}
