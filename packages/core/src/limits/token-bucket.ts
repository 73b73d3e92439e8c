/** What is left of a limit, for `X-RateLimit-*`. */
export interface Quota {
  readonly limit: number;
  /** Whole units, never below 0. */
  readonly remaining: number;
  /** Until all of it is there again, milliseconds. */
  readonly resetMs: number;
}

/** Refilling in small steps adds up to a hair less than the whole. */
const roundingError = 1e-6;

/**
 * A bucket of `size` units that refills evenly. In any stretch of time at most `size` plus what refills meanwhile goes
 * through. `nowMs` may be any clock; time that jumps back counts as standing still.
 */
export class TokenBucket {
  #size: number;
  #perMs: number;
  #level: number;
  #atMs: number;

  /** Begins full. */
  constructor(size: number, perMs: number, nowMs: number) {
    this.#size = size;
    this.#perMs = perMs;
    this.#level = size;
    this.#atMs = nowMs;
  }

  /** Changes the limit; what was taken stays taken. */
  resize(size: number, perMs: number, nowMs: number): void {
    if (size === this.#size && perMs === this.#perMs) return;
    this.#refill(nowMs);
    this.#level += size - this.#size;
    this.#size = size;
    this.#perMs = perMs;
  }

  /** How long until `amount` is there, milliseconds: 0 is now, Infinity is never. */
  waitMs(amount: number, nowMs: number): number {
    this.#refill(nowMs);
    if (amount > this.#size) return Number.POSITIVE_INFINITY;
    const missing = amount - this.#level;
    return missing > roundingError ? missing / this.#perMs : 0;
  }

  /** Takes what was used, also beyond what is there: the debt is paid by refilling before anything goes through. */
  take(amount: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#level -= amount;
  }

  giveBack(amount: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#level = Math.min(this.#size, this.#level + amount);
  }

  isFull(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#level >= this.#size;
  }

  quota(nowMs: number): Quota {
    this.#refill(nowMs);
    const remaining = Math.max(0, Math.floor(this.#level));
    return { limit: this.#size, remaining, resetMs: Math.ceil((this.#size - this.#level) / this.#perMs) };
  }

  #refill(nowMs: number): void {
    const passedMs = Math.max(0, nowMs - this.#atMs);
    this.#level = Math.min(this.#size, this.#level + passedMs * this.#perMs);
    this.#atMs = nowMs;
  }
}
