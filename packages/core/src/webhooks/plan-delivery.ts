import type { WebhookDelivery } from './webhook-delivery.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The pauses after the first, second, … failed try, as Standard Webhooks suggests: about three days in all. */
export const pausesMs = [
  5_000,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
];

/** What the receiver said; no status when it said nothing. */
export interface TryAnswer {
  readonly status: number | null;
  /** How long the receiver asks to be left alone, milliseconds. */
  readonly retryAfterMs?: number;
}

export interface DeliveryPlan {
  readonly state: WebhookDelivery['state'];
  readonly nextTryAtMs: number | null;
}

/** What follows from a try; `round` counts the tries before it. A 410 says that nobody is there any more. */
export function planDelivery(
  { status, retryAfterMs = 0 }: TryAnswer,
  round: number,
  nowMs: number,
  random: () => number = Math.random,
): DeliveryPlan {
  if (status !== null && status >= 200 && status < 300) return { state: 'delivered', nextTryAtMs: null };
  const pauseMs = pausesMs[round];
  if (status === 410 || pauseMs === undefined) return { state: 'given-up', nextTryAtMs: null };
  // Up to a tenth later, so that many do not come back together; never a day later than planned.
  const laterMs = Math.min(Math.max(pauseMs * (1 + random() / 10), retryAfterMs), pauseMs + 24 * hourMs);
  return { state: 'waiting', nextTryAtMs: Math.round(nowMs + laterMs) };
}
