import type { ResourceOffer } from '../catalog/resource-offer.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { callVerdict } from './call-verdict.ts';
import type { BreakerOptions } from './circuit-breaker.ts';
import type { JobOffer } from './job-offer.ts';
import type { LiveOffer } from './live-offer.ts';

/**
 * A slot of one offer, held for one request. Whoever acquired it must release it exactly when the engine's work is over;
 * releasing twice is harmless.
 */
export interface Lease {
  readonly job: JobOffer;
  readonly offer: ResourceOffer;
  /** How long the request waited for it, milliseconds. */
  readonly waitedMs: number;
  /** A first token later than this is unusually late here, milliseconds; undefined while too little is known. */
  readonly lateFirstTokenMs: number | undefined;
  /** Says that the provider has begun to answer; only the first call counts. */
  firstToken(): void;
  /**
   * Gives the slot back. `error` is what ended the call before its end: `engine-failed` and `engine-timeout` count
   * against the provider, `no-capacity` and `rate-limited` let it rest for `retryAfterMs`, anything else (a cancel, the
   * caller's mistake) says nothing about it. Without an error the call is a success.
   */
  release(error?: unknown): void;
}

export interface LeaseSurroundings {
  readonly now: () => number;
  readonly breaker: BreakerOptions;
  /** Counts grants, see `OfferStanding.lastGrant`. */
  readonly grant: number;
  readonly waitedMs: number;
  readonly onChange: (live: LiveOffer) => void;
  /** `rested` when this call put the offer to rest. */
  readonly onRelease: (live: LiveOffer, rested: boolean) => void;
}

/** Takes a slot of a free offer. */
export function takeLease(job: JobOffer, live: LiveOffer, around: LeaseSurroundings): Lease {
  const takenMs = around.now();
  let probe = live.take(around.grant);
  let started = false;
  let released = false;

  /** A probe is over with its first token: a long answer must not keep the others waiting. */
  function firstToken(): void {
    if (started || released) return;
    started = true;
    const nowMs = around.now();
    live.sawFirstToken(nowMs - takenMs, job.conversation);
    if (!probe) return;
    live.settle({ verdict: 'success', probe, nowMs }, around.breaker);
    probe = false;
    around.onChange(live);
  }

  function release(error?: unknown): void {
    if (released) return;
    const verdict = callVerdict(error);
    if (verdict === 'success') firstToken();
    released = true;
    const nowMs = around.now();
    const retryAfterMs = GatewayError.is(error) ? error.data.retryAfterMs : undefined;
    live.giveBack(verdict === 'success' ? nowMs - takenMs : undefined);
    const before = live.breaker;
    live.settle({ verdict, probe, nowMs, retryAfterMs }, around.breaker);
    around.onRelease(live, live.breaker !== before && live.breaker.phase === 'open');
  }

  const { offer, lateFirstTokenMs } = live;
  return { job, offer, waitedMs: around.waitedMs, lateFirstTokenMs, firstToken, release };
}
