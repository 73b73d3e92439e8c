/** A sequence as the choice sees it. */
export interface SlotView {
  /** The tokens its cache holds. */
  readonly cached: readonly number[];
  /** Grows with every use; 0 when never used. */
  readonly lastUsed: number;
  /** Requests at work in the same lane. */
  readonly laneLoad: number;
}

/**
 * Which idle slot takes a prompt: the one whose cache begins like the prompt when that saves real work, otherwise the least
 * recently used one in the least busy lane.
 *
 * A few common first tokens are no reason: nearly all prompts begin with the same role marks, and taking such a slot would
 * throw away somebody's conversation. So the common part must be half of the prompt or half of the cache.
 */
export function chooseSlot<Slot extends SlotView>(idle: readonly Slot[], prompt: readonly number[]): Slot | undefined {
  let best: Slot | undefined;
  let bestCommon = 0;
  for (const slot of idle) {
    const common = commonPrefixLength(slot.cached, prompt);
    if (common > bestCommon && common * 2 >= Math.min(slot.cached.length, prompt.length)) {
      best = slot;
      bestCommon = common;
    }
  }
  return best ?? idle.toSorted((a, b) => a.laneLoad - b.laneLoad || a.lastUsed - b.lastUsed)[0];
}

function commonPrefixLength(a: readonly number[], b: readonly number[]): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a[length] === b[length]) length++;
  return length;
}
