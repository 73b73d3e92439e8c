import type { OfferBoard } from './offer-board.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** The scheduler's counts at one moment. */
export interface SchedulerSnapshot {
  /** Requests that hold a slot, those of offers that went away included. */
  readonly running: number;
  readonly waiting: number;
  readonly offers: readonly OfferSnapshot[];
}

export interface OfferSnapshot {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly slots: number;
  readonly busy: number;
  /** Requests waiting for the model, at whichever provider. */
  readonly waitingForModel: number;
  readonly health: 'closed' | 'open' | 'half-open';
  /** Requests ever given to it, and those it failed. */
  readonly granted: number;
  readonly faults: number;
  /** How long a request kept a slot lately, milliseconds. */
  readonly serviceMs: number | undefined;
}

export function takeSnapshot(board: OfferBoard, room: WaitingRoom, running: number): SchedulerSnapshot {
  const offers = [...board.all()].map((live) => ({
    id: live.offer.id,
    provider: live.offer.provider,
    model: live.offer.model,
    slots: live.offer.slots,
    busy: live.busy,
    waitingForModel: room.waitingFor(live.offer.model),
    health: live.breaker.phase,
    granted: live.granted,
    faults: live.faults,
    serviceMs: live.measuredServiceMs,
  }));
  return { running, waiting: room.length, offers };
}
