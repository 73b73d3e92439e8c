/**
 * Asking a second provider when the first is unusually late with its first token. Off by default: it spends capacity to
 * cut the slowest few, so a budget bounds it to a share of all requests.
 */
export interface HedgeQuestion {
  /** How long the first provider has been silent, milliseconds. */
  readonly waitedMs: number;
  /** From `Lease.lateFirstTokenMs`. */
  readonly lateFirstTokenMs: number | undefined;
  /** Hedges already running for this request. */
  readonly hedges: number;
  readonly budget: HedgeBudget;
}

/** Why this request should not be sent a second time now; undefined when it should. */
export function whyNotHedge({ waitedMs, lateFirstTokenMs, hedges, budget }: HedgeQuestion): string | undefined {
  if (hedges > 0) return 'hedged already';
  if (lateFirstTokenMs === undefined) return 'too few answers seen to know what is late';
  if (waitedMs < lateFirstTokenMs) return `not late before ${Math.round(lateFirstTokenMs)} ms`;
  if (!budget.allows()) return 'the hedge budget is spent';
  return undefined;
}

/** At most `share` of all requests are hedged; unused allowance is kept for up to `burst` hedges. */
export class HedgeBudget {
  readonly #share: number;
  readonly #burst: number;
  #allowance = 0;

  /** `share` 0 (the default) never hedges; `burst` defaults to 10. */
  constructor({ share = 0, burst = 10 }: { share?: number; burst?: number } = {}) {
    this.#share = share;
    this.#burst = burst;
  }

  /** To be called once for every request. */
  countRequest(): void {
    this.#allowance = Math.min(this.#burst, this.#allowance + this.#share);
  }

  allows(): boolean {
    return this.#allowance >= 1;
  }

  /** To be called once for every hedge sent. */
  countHedge(): void {
    this.#allowance = Math.max(0, this.#allowance - 1);
  }
}
