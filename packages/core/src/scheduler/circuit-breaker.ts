/**
 * Whether an offer is trusted with requests.
 *
 *               5 faults in a row, or half of the last ~10 calls,
 *               or the provider said it is busy
 *     closed ──────────────────────────────────────────────────► open (resting until …)
 *       ▲                                                          │ the time is over and a request comes
 *       │ the probe succeeded                                      ▼
 *       └───────────────────────────────────────────────────── half-open (one probe under way)
 *                                                                  │ the probe failed: rest twice as long, up to the cap
 *                                                                  └──────────────► open
 *
 * Results of calls that began before the offer was put to rest do not count while it rests: only the probe decides.
 */
export type BreakerState =
  | { readonly phase: 'closed'; readonly faultsInRow: number; readonly faultShare: number }
  | { readonly phase: 'open'; readonly untilMs: number; readonly restMs: number; readonly reason: 'faults' | 'busy' }
  | { readonly phase: 'half-open'; readonly restMs: number };

/** `fault` the provider failed, `busy` it refused for now, `neither` says nothing about it (a caller's 400, a cancel). */
export type CallVerdict = 'success' | 'fault' | 'busy' | 'neither';

export interface BreakerOptions {
  /** Default 5. */
  readonly faultsInRow: number;
  /** Moving share of faults that opens it; moves a tenth of the way with each call. Default 0.5. */
  readonly faultShare: number;
  /** The first rest. Default 1 s. */
  readonly firstRestMs: number;
  /** No rest is longer. Default 60 s. */
  readonly longestRestMs: number;
}

export const defaultBreakerOptions: BreakerOptions = {
  faultsInRow: 5,
  faultShare: 0.5,
  firstRestMs: 1000,
  longestRestMs: 60_000,
};

export const closedBreaker: BreakerState = { phase: 'closed', faultsInRow: 0, faultShare: 0 };

/** Whether a request may start now. */
export function isReady(state: BreakerState, nowMs: number): boolean {
  return state.phase === 'closed' || (state.phase === 'open' && nowMs >= state.untilMs);
}

/** The state once a request has started; `half-open` means that request is the probe. Only call when `isReady`. */
export function beginCall(state: BreakerState): BreakerState {
  return state.phase === 'open' ? { phase: 'half-open', restMs: state.restMs } : state;
}

export interface CallResult {
  readonly verdict: CallVerdict;
  /** Whether this call was the probe of a half-open breaker. */
  readonly probe: boolean;
  readonly nowMs: number;
  /** How long a `busy` provider asked to be left alone. */
  readonly retryAfterMs?: number | undefined;
}

/** The state after a call. */
export function settleCall(state: BreakerState, result: CallResult, options: BreakerOptions): BreakerState {
  if (state.phase === 'closed') return settleClosed(state, result, options);
  if (state.phase === 'open' || !result.probe) return state;
  if (result.verdict === 'success') return closedBreaker;
  if (result.verdict === 'busy') return rest(result, state.restMs, options);
  // A probe that said nothing leaves the question open: the next request asks again.
  if (result.verdict === 'neither') return { ...state, phase: 'open', untilMs: result.nowMs, reason: 'faults' };
  const restMs = Math.min(state.restMs * 2, options.longestRestMs);
  return { phase: 'open', untilMs: result.nowMs + restMs, restMs, reason: 'faults' };
}

function settleClosed(
  state: BreakerState & { phase: 'closed' },
  result: CallResult,
  options: BreakerOptions,
): BreakerState {
  if (result.verdict === 'neither') return state;
  if (result.verdict === 'busy') return rest(result, options.firstRestMs, options);
  const fault = result.verdict === 'fault';
  const faultsInRow = fault ? state.faultsInRow + 1 : 0;
  const faultShare = state.faultShare * 0.9 + (fault ? 0.1 : 0);
  if (!fault || (faultsInRow < options.faultsInRow && faultShare < options.faultShare)) {
    return { phase: 'closed', faultsInRow, faultShare };
  }
  const restMs = options.firstRestMs;
  return { phase: 'open', untilMs: result.nowMs + restMs, restMs, reason: 'faults' };
}

/** A busy provider is believed, within the cap; being busy does not make later rests longer. */
function rest({ nowMs, retryAfterMs }: CallResult, restMs: number, options: BreakerOptions): BreakerState {
  const pauseMs = Math.min(Math.max(retryAfterMs ?? restMs, 0), options.longestRestMs);
  return { phase: 'open', untilMs: nowMs + pauseMs, restMs, reason: 'busy' };
}
