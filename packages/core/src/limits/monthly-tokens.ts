/** Where the usage of earlier hours is kept: the store implements it. */
export interface MonthlyUsage {
  /** Tokens this key has used in a month (`YYYY-MM`, UTC). */
  tokensUsed(keyId: string, month: string): Promise<number>;
}

/** So often what other processes counted is asked for. */
const reloadAfterMs = 60_000;
/** By then the store has written what was counted here. */
const storedAfterMs = 300_000;

/**
 * One key's tokens of the current month: what the store knows, what was used here since, and what is set aside for
 * requests under way. `load` before `left` or `take`.
 */
export class MonthlyTokens {
  readonly #keyId: string;
  readonly #usage: MonthlyUsage;
  #month = '';
  #used = 0;
  #reserved = 0;
  #loadedMs = Number.NEGATIVE_INFINITY;
  #changedMs = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | undefined;

  constructor(keyId: string, usage: MonthlyUsage) {
    this.#keyId = keyId;
    this.#usage = usage;
  }

  /** Brings the count up to date, at most once a minute and once for all who ask meanwhile. */
  async load(nowMs: number): Promise<void> {
    if (this.#month === monthOf(nowMs) && nowMs - this.#loadedMs < reloadAfterMs) return;
    this.#loading ??= this.#reload(nowMs).finally(() => {
      this.#loading = undefined;
    });
    await this.#loading;
  }

  /** Whether the store alone knows enough to go on with. */
  isStored(nowMs: number): boolean {
    return this.#reserved === 0 && nowMs - this.#changedMs > storedAfterMs;
  }

  left(limit: number): number {
    return limit - this.#used - this.#reserved;
  }

  /** Sets tokens aside; the returned function replaces them by those really used. */
  take(tokens: number, nowMs: number): (used: number, nowMs: number) => void {
    this.#reserved += tokens;
    this.#changedMs = nowMs;
    const month = this.#month;
    return (used, settledMs) => {
      this.#reserved -= tokens;
      this.#changedMs = settledMs;
      // Past midnight on the last day the store alone counts what belongs to the old month.
      if (month === this.#month) this.#used += used;
    };
  }

  async #reload(nowMs: number): Promise<void> {
    const month = monthOf(nowMs);
    const stored = await this.#usage.tokensUsed(this.#keyId, month);
    // The store may lag behind what was counted here.
    this.#used = month === this.#month ? Math.max(this.#used, stored) : stored;
    this.#month = month;
    this.#loadedMs = nowMs;
  }
}

const monthOf = (nowMs: number): string => new Date(nowMs).toISOString().slice(0, 7);

/** How long until the month is over in UTC, milliseconds. */
export function untilNextMonthMs(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - nowMs;
}
