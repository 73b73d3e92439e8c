import type { Explanation } from '@anura/openapi';
import type { ResourceOffer } from '../catalog/resource-offer.ts';
import type { GatewayError } from '../errors/gateway-error.ts';
import { type Aliases, resolveAlias } from './aliases.ts';
import { type BreakerOptions, defaultBreakerOptions } from './circuit-breaker.ts';
import { type Clock, systemClock } from './clock.ts';
import { drainPerMs } from './expected-wait.ts';
import { explainRoute } from './explain-route.ts';
import type { JobOffer } from './job-offer.ts';
import { type Lease, takeLease } from './lease.ts';
import type { LiveOffer } from './live-offer.ts';
import { OfferBoard } from './offer-board.ts';
import { planRoute, type Route } from './plan.ts';
import * as errors from './route-errors.ts';
import { type SchedulerSnapshot, takeSnapshot } from './scheduler-snapshot.ts';
import { holdOut, Waiter } from './waiter.ts';
import { WaitingRoom } from './waiting-room.ts';
import { whyHopeless } from './why-hopeless.ts';

export interface SchedulerOptions {
  /** The offers as they stand now; read at the start and at every `offersChanged`. */
  readonly offers: () => readonly ResourceOffer[];
  /** Must have no cycle, see `findAliasCycle`. Default none. */
  readonly aliases?: Aliases;
  /** Requests that may wait, of all keys and models together. Default 1000. */
  readonly maxQueued?: number;
  /** How long a request waits for a slot. Default 30 s. */
  readonly matchTimeoutMs?: number;
  /** Requests wait for a resting provider when it is tried again within this time; else they are refused. Default 2 s. */
  readonly rideOutMs?: number;
  readonly breaker?: Partial<BreakerOptions>;
  readonly clock?: Clock;
}

export interface AcquireOptions {
  /** Takes the request out of the queue; the promise then rejects with its reason, or `cancelled`. */
  readonly signal?: AbortSignal;
  /** Ids of offers that failed this request before. */
  readonly exclude?: ReadonlySet<string>;
  /** Instead of the scheduler's own. */
  readonly matchTimeoutMs?: number;
}

const shortestRetryMs = 1000;
const longestRetryMs = 120_000;

/**
 * Finds every job offer a slot of a resource offer. A free slot is given at once; else the request waits in a queue that
 * is fair between keys, and the slot that becomes free first takes it. What nobody could ever run is refused at once.
 *
 * Whoever made it calls `close`.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #clock: Clock;
  readonly #aliases: Aliases;
  readonly #breaker: BreakerOptions;
  readonly #board = new OfferBoard();
  readonly #room: WaitingRoom;
  readonly #timers = new Set<() => void>();
  readonly #drained: (() => void)[] = [];
  #grants = 0;
  #leases = 0;
  #closing = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#aliases = options.aliases ?? {};
    this.#breaker = { ...defaultBreakerOptions, ...options.breaker };
    this.#room = new WaitingRoom(options.maxQueued ?? 1000);
    this.offersChanged();
  }

  /**
   * A slot for this job. Rejects with a `GatewayError`: `not-found` nobody has the model, `invalid-request` nobody could
   * ever run it, `no-capacity` nobody is healthy, `rate-limited` the queue is full, `engine-timeout` no slot became free
   * in time, `cancelled` the signal.
   */
  async acquire(job: JobOffer, options: AcquireOptions = {}): Promise<Lease> {
    if (options.signal?.aborted) throw errors.abortError(options.signal);
    if (this.#closing) throw errors.shuttingDown();
    const resolved = this.#resolve(job);
    const route = this.#plan(resolved, options.exclude);
    const best = route.candidates[0];
    if (best?.free) return this.#grant(resolved, best.standing, 0);
    const refused = this.#whyHopeless(resolved, route) ?? this.#whyFull(resolved);
    if (refused) throw refused;
    return await this.#wait(resolved, route, options);
  }

  /** A slot that is free this moment, for a hedge; undefined when waiting would be needed. */
  tryAcquire(job: JobOffer, exclude?: ReadonlySet<string>): Lease | undefined {
    const resolved = this.#resolve(job);
    const best = this.#closing ? undefined : this.#plan(resolved, exclude).candidates[0];
    return best?.free ? this.#grant(resolved, best.standing, 0) : undefined;
  }

  /** Where the job would run and why not elsewhere. Takes nothing; throws `not-found` where `acquire` would. */
  explain(job: JobOffer): Explanation {
    const resolved = this.#resolve(job);
    const route = this.#plan(resolved);
    const unknown = route.refusals.length === 0 && this.#whyHopeless(resolved, route);
    if (unknown) throw unknown;
    return explainRoute(route, this.#room.ahead(resolved));
  }

  /** To be called when a provider's offers changed: new slots are given to those who wait. */
  offersChanged(): void {
    this.#board.update(this.#options.offers(), this.#clock.now());
    if (this.#room.length === 0) return;
    for (const live of this.#board.all()) this.#serve(live);
  }

  /** The counts of this moment, for metrics and the console. */
  snapshot(): SchedulerSnapshot {
    return takeSnapshot(this.#board, this.#room, this.#leases);
  }

  /** Takes no new requests; resolves when none waits or runs any more. */
  drain(): Promise<void> {
    this.#closing = true;
    return new Promise((resolve) => {
      this.#drained.push(resolve);
      this.#noteDrained();
    });
  }

  /** Takes no new requests and sends away those who wait. Leases out stay valid until released. */
  close(): void {
    this.#closing = true;
    for (const waiter of this.#room.all()) this.#sendAway(waiter, errors.shuttingDown);
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#noteDrained();
  }

  #resolve(job: JobOffer): JobOffer {
    const model = resolveAlias(job.model, this.#aliases);
    return model === job.model ? job : { ...job, model };
  }

  #plan(job: JobOffer, exclude?: ReadonlySet<string>): Route<LiveOffer> {
    const queued = this.#room.waitingFor(job.model);
    return planRoute(job, this.#board.ofModel(job.model), { nowMs: this.#clock.now(), queued, exclude });
  }

  #grant(job: JobOffer, live: LiveOffer, waitedMs: number): Lease {
    this.#leases++;
    return takeLease(job, live, {
      now: () => this.#clock.now(),
      breaker: this.#breaker,
      grant: ++this.#grants,
      waitedMs,
      onChange: (changed) => this.#serve(changed),
      onRelease: (released, rested) => this.#released(released, rested),
    });
  }

  #released(live: LiveOffer, rested: boolean): void {
    this.#leases--;
    if (rested && live.breaker.phase === 'open') {
      this.#later(live.breaker.untilMs - this.#clock.now(), () => this.#serve(live));
      this.#sendHopelessAway(live.offer.model);
    }
    for (const sharing of this.#board.sharing(live)) this.#serve(sharing);
    this.#noteDrained();
  }

  /** Gives the offer's free slots to those who wait, fairest first. */
  #serve(live: LiveOffer): void {
    const { model } = live.offer;
    if (this.#room.waitingFor(model) === 0 || !this.#board.shows(live)) return;
    const nowMs = this.#clock.now();
    while (live.isFree(nowMs)) {
      const waiter = this.#room.take(model, (one) => one.accepts(live, nowMs));
      if (!waiter) return;
      waiter.grant(this.#grant(waiter.job, live, nowMs - waiter.enteredMs));
    }
  }

  #wait(job: JobOffer, route: Route, { signal, exclude, matchTimeoutMs }: AcquireOptions): Promise<Lease> {
    const enteredMs = this.#clock.now();
    const patienceMs = matchTimeoutMs ?? this.#options.matchTimeoutMs ?? 30_000;
    const hold = holdOut(route, enteredMs);
    const waiter = new Waiter(job, enteredMs, exclude, hold);
    const timedOut = () => errors.waitedTooLong(job.model, patienceMs, this.#retryAfterMs(job.model));
    waiter.whenDone(this.#later(patienceMs, () => this.#sendAway(waiter, timedOut)));
    if (hold) waiter.whenDone(this.#later(hold.untilMs - enteredMs, () => this.#serveModel(job.model)));
    if (signal) waiter.whenDone(onAbort(signal, () => this.#sendAway(waiter, () => errors.abortError(signal))));
    waiter.whenDone(() => this.#noteDrained());
    this.#room.enter(waiter);
    return waiter.lease;
  }

  /** `why` is asked once the waiter has left, so that it does not count itself. */
  #sendAway(waiter: Waiter, why: () => GatewayError): void {
    if (this.#room.leave(waiter)) waiter.fail(why());
  }

  #serveModel(model: string): void {
    for (const live of this.#board.ofModel(model)) this.#serve(live);
  }

  /** After an offer was put to rest: those for whom nobody is left need not wait to hear it. */
  #sendHopelessAway(model: string): void {
    for (const waiter of this.#room.all(model)) {
      const route = this.#plan(waiter.job, waiter.exclude);
      const error = route.refusals.length > 0 ? this.#whyHopeless(waiter.job, route) : undefined;
      if (error) this.#sendAway(waiter, () => error);
    }
  }

  #whyHopeless(job: JobOffer, route: Route): GatewayError | undefined {
    if (route.candidates.length > 0) return undefined;
    return whyHopeless(job, route, {
      board: this.#board,
      aliases: this.#aliases,
      nowMs: this.#clock.now(),
      rideOutMs: this.#options.rideOutMs ?? 2000,
    });
  }

  #whyFull({ keyId, model }: JobOffer): GatewayError | undefined {
    const whose = this.#room.fullFor(keyId);
    return whose && errors.queueFull(model, whose, this.#retryAfterMs(model));
  }

  /** How long the model's queue takes to drain at the rate at which its slots became free lately. */
  #retryAfterMs(model: string): number {
    const perMs = drainPerMs(this.#board.ofModel(model), this.#clock.now());
    const drainMs = (this.#room.waitingFor(model) + 1) / perMs;
    return Math.min(longestRetryMs, Math.max(shortestRetryMs, Math.ceil(drainMs)));
  }

  /** A timer that `close` cancels. */
  #later(delayMs: number, task: () => void): () => void {
    const stop = this.#clock.after(Math.max(0, delayMs), () => {
      this.#timers.delete(stop);
      task();
    });
    this.#timers.add(stop);
    return () => {
      this.#timers.delete(stop);
      stop();
    };
  }

  #noteDrained(): void {
    if (!this.#closing || this.#leases > 0 || this.#room.length > 0) return;
    for (const resolve of this.#drained.splice(0)) resolve();
  }
}

function onAbort(signal: AbortSignal, task: () => void): () => void {
  signal.addEventListener('abort', task);
  return () => signal.removeEventListener('abort', task);
}
