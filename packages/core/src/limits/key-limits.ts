/** What one key may do. A limit that is absent does not apply. */
export interface KeyLimits {
  /** As many may also come at once. */
  readonly requestsPerSecond?: number;
  /** Prompts and answers together. */
  readonly tokensPerMinute?: number;
  readonly concurrentRequests?: number;
  /** Prompts and answers together, in a calendar month (UTC). */
  readonly monthlyTokens?: number;
}

export const defaultKeyLimits: KeyLimits = { requestsPerSecond: 20 };

/** A key's own limits as the contract has them, where `null` means the default applies. */
export interface OwnLimits {
  readonly requests_per_second: number | null;
  readonly tokens_per_minute: number | null;
  readonly concurrent_requests: number | null;
  readonly monthly_tokens: number | null;
}

/** The limits that apply to a key: its own before the defaults. */
export function effectiveLimits(own: OwnLimits, defaults: KeyLimits = defaultKeyLimits): KeyLimits {
  return {
    ...defaults,
    ...(own.requests_per_second !== null && { requestsPerSecond: own.requests_per_second }),
    ...(own.tokens_per_minute !== null && { tokensPerMinute: own.tokens_per_minute }),
    ...(own.concurrent_requests !== null && { concurrentRequests: own.concurrent_requests }),
    ...(own.monthly_tokens !== null && { monthlyTokens: own.monthly_tokens }),
  };
}
