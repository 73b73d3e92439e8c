import type { GatewayError } from '../errors/gateway-error.ts';
import type { Queueable } from './fair-queue.ts';
import type { JobOffer } from './job-offer.ts';
import type { Lease } from './lease.ts';
import type { LiveOffer } from './live-offer.ts';
import { whyNot } from './match.ts';
import { type Route, toleratedMs, weigh } from './plan.ts';

/** Until `untilMs` a request takes only a slot that answers sooner than `belowCostMs`. */
export interface HoldOut {
  readonly untilMs: number;
  readonly belowCostMs: number;
}

/** One request in the queue, until it is granted a lease or fails. */
export class Waiter implements Queueable {
  readonly keyId: string;
  readonly weight: number | undefined;
  readonly priority: number | undefined;
  readonly job: JobOffer;
  readonly enteredMs: number;
  readonly exclude: ReadonlySet<string> | undefined;
  readonly lease: Promise<Lease>;
  readonly #holdOut: HoldOut | undefined;
  readonly #tasks: (() => void)[] = [];
  #resolve: (lease: Lease) => void = () => {};
  #reject: (error: GatewayError) => void = () => {};

  constructor(job: JobOffer, enteredMs: number, exclude?: ReadonlySet<string>, hold?: HoldOut) {
    this.job = job;
    this.keyId = job.keyId;
    this.weight = job.weight;
    this.priority = job.priority;
    this.enteredMs = enteredMs;
    this.exclude = exclude;
    this.#holdOut = hold;
    this.lease = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Whether it takes a free slot of this offer now. */
  accepts(live: LiveOffer, nowMs: number): boolean {
    if (this.exclude?.has(live.offer.id) || whyNot(this.job, live.offer) !== undefined) return false;
    const hold = this.#holdOut;
    return !hold || nowMs >= hold.untilMs || weigh(this.job, live, nowMs, 0).costMs < hold.belowCostMs;
  }

  /** Runs when the waiting ends, either way. */
  whenDone(task: () => void): void {
    this.#tasks.push(task);
  }

  grant(lease: Lease): void {
    for (const task of this.#tasks) task();
    this.#resolve(lease);
  }

  fail(error: GatewayError): void {
    for (const task of this.#tasks) task();
    this.#reject(error);
  }
}

/**
 * When a busy offer is clearly better than every free one (it has the model loaded, or the conversation cached), waiting
 * for it pays, at most as long as it saves. Undefined when nobody is free anyway.
 */
export function holdOut({ candidates }: Route, nowMs: number): HoldOut | undefined {
  const best = candidates[0];
  const free = candidates.find((candidate) => candidate.free);
  if (!best || !free || free.costMs <= toleratedMs(best.costMs)) return undefined;
  return { untilMs: nowMs + free.costMs - best.costMs, belowCostMs: free.costMs };
}
