import type { UsageCount } from './usage-count.ts';

/** Which counts are wanted. Days are UTC, `YYYY-MM-DD`, both included; what is absent does not matter. */
export interface UsageFilter {
  readonly from?: string;
  readonly to?: string;
  readonly keyId?: string;
  readonly model?: string;
}

/** Where usage is kept, one row per key, model and day. Every implementation runs `usage-store.conformance.ts`. */
export interface UsageStore {
  /** Adds all counts to what is there, or none: when it throws, nothing was added. */
  addAll(counts: readonly UsageCount[]): Promise<void>;
  /** The matching rows in no promised order. */
  read(filter: UsageFilter): Promise<UsageCount[]>;
}

/** Whether a count is among those wanted. */
export function matchesFilter(count: UsageCount, { from, to, keyId, model }: UsageFilter): boolean {
  return (
    (from === undefined || count.day >= from) &&
    (to === undefined || count.day <= to) &&
    (keyId === undefined || count.key_id === keyId) &&
    (model === undefined || count.model === model)
  );
}
