export { type CallAllowance, KeyLimiter, type KeyLimiterOptions } from './key-limiter.ts';
export { defaultKeyLimits, effectiveLimits, type KeyLimits, type OwnLimits } from './key-limits.ts';
export type { MonthlyUsage } from './monthly-tokens.ts';
export type { Reservation } from './reservation.ts';
export type { Quota } from './token-bucket.ts';
