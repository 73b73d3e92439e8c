import { FairQueue } from './fair-queue.ts';
import type { JobOffer } from './job-offer.ts';
import type { Waiter } from './waiter.ts';

/**
 * The requests that wait, in one fair queue per model, bounded together. A key may have as many waiting as there are
 * places left: one key alone fills half of the room, and whoever comes new finds a place until it is really full.
 */
export class WaitingRoom {
  readonly #capacity: number;
  readonly #queues = new Map<string, FairQueue<Waiter>>();
  readonly #waitingOfKey = new Map<string, number>();
  #length = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#length;
  }

  /** Whether one more request of this key has no place, and whose fault that is. */
  fullFor(keyId: string): 'everybody' | 'key' | undefined {
    const left = this.#capacity - this.#length;
    if (left <= 0) return 'everybody';
    return (this.#waitingOfKey.get(keyId) ?? 0) >= left ? 'key' : undefined;
  }

  enter(waiter: Waiter): void {
    const { model } = waiter.job;
    const queue = this.#queues.get(model) ?? new FairQueue<Waiter>();
    this.#queues.set(model, queue);
    queue.push(waiter);
    this.#count(waiter, 1);
  }

  /** False when it was not waiting any more. */
  leave(waiter: Waiter): boolean {
    const left = this.#queues.get(waiter.job.model)?.remove(waiter) ?? false;
    if (left) this.#count(waiter, -1);
    return left;
  }

  /** The fairest request for this model that `accepts`; it leaves the room. */
  take(model: string, accepts: (waiter: Waiter) => boolean): Waiter | undefined {
    const waiter = this.#queues.get(model)?.take(accepts);
    if (waiter) this.#count(waiter, -1);
    return waiter;
  }

  waitingFor(model: string): number {
    return this.#queues.get(model)?.length ?? 0;
  }

  /** How many requests would go before this one. */
  ahead(job: JobOffer): number {
    return this.#queues.get(job.model)?.ahead(job) ?? 0;
  }

  /** A copy, so that its members may leave meanwhile. */
  all(model?: string): Waiter[] {
    const queues = model === undefined ? [...this.#queues.values()] : [this.#queues.get(model) ?? []];
    return queues.flatMap((queue) => [...queue]);
  }

  #count({ keyId, job }: Waiter, change: 1 | -1): void {
    this.#length += change;
    const ofKey = (this.#waitingOfKey.get(keyId) ?? 0) + change;
    if (ofKey === 0) this.#waitingOfKey.delete(keyId);
    else this.#waitingOfKey.set(keyId, ofKey);
    if (this.waitingFor(job.model) === 0) this.#queues.delete(job.model);
  }
}
