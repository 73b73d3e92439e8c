import type { UsageRow } from '@anura/openapi';
import type { StoreLog } from '../stores/store-log.ts';
import { WriteBehind } from '../stores/write-behind.ts';
import { addCounts, compareCounts, countId, dayOf, type UsageCount } from './usage-count.ts';
import { matchesFilter, type UsageFilter, type UsageStore } from './usage-store.ts';

/** One request that was answered or has failed. */
export interface UsageEvent {
  readonly keyId: string;
  /** The model's name as resolved by the catalog, never a caller's text: each name becomes a row. */
  readonly model: string;
  readonly failed: boolean;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface UsageLedgerOptions {
  readonly store: UsageStore;
  readonly log: StoreLog;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** How long counts gather before they are written, milliseconds. Default 200: what a crash may lose. */
  readonly delayMs?: number;
}

/**
 * Counts requests and tokens per key, model and UTC day. Counting costs a map entry; what gathered is added to the store
 * in one transaction, so nothing is counted twice. Whoever made it closes it; it does not close the store.
 */
export class UsageLedger {
  readonly #store: UsageStore;
  readonly #now: () => number;
  readonly #counts: WriteBehind<UsageCount>;

  constructor({ store, log, now = Date.now, delayMs = 200 }: UsageLedgerOptions) {
    this.#store = store;
    this.#now = now;
    this.#counts = new WriteBehind({
      name: 'Usage counts',
      write: (counts) => store.addAll(counts),
      merge: addCounts,
      log,
      delayMs,
      batchSize: 500,
    });
  }

  /** Counts a request today. Never throws; token counts that are no whole numbers count as 0. */
  record({ keyId, model, failed, promptTokens, completionTokens }: UsageEvent): void {
    const count: UsageCount = {
      key_id: keyId,
      model,
      day: dayOf(this.#now()),
      requests: 1,
      failed_requests: failed ? 1 : 0,
      prompt_tokens: wholeTokens(promptTokens),
      completion_tokens: wholeTokens(completionTokens),
    };
    this.#counts.add(countId(count), count);
  }

  /** Everything counted so far, newest day first, written or not. `key_name` is the key ring's to add. */
  async report(filter: UsageFilter = {}): Promise<Omit<UsageRow, 'key_name'>[]> {
    const counts = await this.#read(filter);
    return counts
      .sort(compareCounts)
      .map((count) => ({ ...count, total_tokens: count.prompt_tokens + count.completion_tokens }));
  }

  /** Prompt and completion tokens of a key in a month (`YYYY-MM`, UTC), written or not. */
  async monthTokens(keyId: string, month: string): Promise<number> {
    const counts = await this.#read({ keyId, from: `${month}-01`, to: `${month}-31` });
    return counts.reduce((sum, { prompt_tokens, completion_tokens }) => sum + prompt_tokens + completion_tokens, 0);
  }

  /** Writes what has gathered. Never throws. */
  flush(): Promise<void> {
    return this.#counts.flush();
  }

  /** Writes what has gathered and stops. */
  close(): Promise<void> {
    return this.#counts.close();
  }

  #read(filter: UsageFilter): Promise<UsageCount[]> {
    return this.#counts.undisturbed(async (waiting) => {
      const sums = new Map<string, UsageCount>();
      for (const count of await this.#store.read(filter)) sums.set(countId(count), count);
      for (const count of waiting()) {
        if (matchesFilter(count, filter)) sums.set(countId(count), addTo(sums.get(countId(count)), count));
      }
      return [...sums.values()];
    });
  }
}

function addTo(sum: UsageCount | undefined, count: UsageCount): UsageCount {
  return sum === undefined ? count : addCounts(sum, count);
}

function wholeTokens(tokens: number): number {
  return Number.isSafeInteger(tokens) && tokens > 0 ? tokens : 0;
}
