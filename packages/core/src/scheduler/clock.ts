/** Time as the scheduler sees it. Tests turn it by hand. */
export interface Clock {
  /** Milliseconds that never jump back; only differences mean something. */
  now(): number;
  /** Runs `task` once, never before `delayMs` have passed; the returned function cancels it. */
  after(delayMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(delayMs, task) {
    const dueMs = performance.now() + delayMs;
    let timer = setTimeout(fire, delayMs);
    // Node counts from the start of the loop's turn, so a timer set late in a long turn comes early.
    function fire(): void {
      const leftMs = dueMs - performance.now();
      if (leftMs > 0) timer = setTimeout(fire, leftMs);
      else task();
    }
    return () => clearTimeout(timer);
  },
};
