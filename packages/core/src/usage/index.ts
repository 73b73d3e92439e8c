export type { UsageCount } from './usage-count.ts';
export { type UsageEvent, UsageLedger, type UsageLedgerOptions } from './usage-ledger.ts';
export type { UsageFilter, UsageStore } from './usage-store.ts';
