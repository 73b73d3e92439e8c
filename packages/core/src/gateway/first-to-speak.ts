import { setTimeout as delay } from 'node:timers/promises';
import type { Attempt } from './attempt.ts';

export interface Hedge {
  /** How long the first attempt may be silent, milliseconds. */
  readonly afterMs: number;
  /** Begins a second attempt; undefined when there is no free slot for one, or no budget. */
  begin(): Attempt | undefined;
}

/**
 * The attempt that says a first token first. Without a hedge that is the only one; with one, a second begins when the first
 * is late, and the slower is stopped. Throws the first one's error when nobody spoke.
 */
export async function firstToSpeak(first: Attempt, hedge: Hedge | undefined): Promise<Attempt> {
  const spoken = first.firstToken().then(() => first);
  if (!hedge || !(await isLate(spoken, hedge.afterMs))) return await spoken;
  const second = hedge.begin();
  if (!second) return await spoken;
  try {
    const winner = await Promise.any([spoken, second.firstToken().then(() => second)]);
    (winner === first ? second : first).cancel();
    return winner;
  } catch {
    return await spoken; // both failed: the first one's error tells most
  }
}

async function isLate(spoken: Promise<unknown>, afterMs: number): Promise<boolean> {
  const over = new AbortController();
  const late = delay(afterMs, true, { signal: over.signal }).catch(() => false);
  const settled = spoken.then(
    () => false,
    () => false,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    over.abort();
  }
}
