import type { UsageRow } from '@anura/openapi';

/** What one key asked of one model on one UTC day. The wire's row without what follows from it or from the key. */
export type UsageCount = Omit<UsageRow, 'key_name' | 'total_tokens'>;

/** Two counts of the same key, model and day as one. */
export function addCounts(one: UsageCount, other: UsageCount): UsageCount {
  return {
    ...one,
    requests: one.requests + other.requests,
    failed_requests: one.failed_requests + other.failed_requests,
    prompt_tokens: one.prompt_tokens + other.prompt_tokens,
    completion_tokens: one.completion_tokens + other.completion_tokens,
  };
}

/** Names what a count is of. A space cannot occur in a day or in a key's id, so no two things share a name. */
export function countId({ day, key_id, model }: UsageCount): string {
  return `${day} ${key_id} ${model}`;
}

/** Newest day first, then by key and model. */
export function compareCounts(one: UsageCount, other: UsageCount): number {
  return compare(other.day, one.day) || compare(one.key_id, other.key_id) || compare(one.model, other.model);
}

/** The UTC day of a time, `YYYY-MM-DD`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
