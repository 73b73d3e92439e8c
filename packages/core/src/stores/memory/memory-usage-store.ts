import { addCounts, countId, type UsageCount } from '../../usage/usage-count.ts';
import { matchesFilter, type UsageFilter, type UsageStore } from '../../usage/usage-store.ts';

export class MemoryUsageStore implements UsageStore {
  readonly #counts = new Map<string, UsageCount>();

  async addAll(counts: readonly UsageCount[]): Promise<void> {
    for (const count of counts) {
      const earlier = this.#counts.get(countId(count));
      this.#counts.set(countId(count), earlier === undefined ? count : addCounts(earlier, count));
    }
  }

  async read(filter: UsageFilter): Promise<UsageCount[]> {
    return [...this.#counts.values()].filter((count) => matchesFilter(count, filter));
  }
}
