import type { WebhookDelivery, WebhookTry } from './webhook-delivery.ts';

/** A delivery taken for one try. `attempt` is the fence: a sender that was too slow changes nothing any more. */
export interface ClaimedDelivery extends WebhookDelivery {
  readonly attempt: number;
}

export interface TryOutcome {
  readonly try: WebhookTry;
  readonly state: WebhookDelivery['state'];
  /** Required while `waiting`, `null` else. */
  readonly nextTryAtMs: number | null;
}

/**
 * Where webhook deliveries are kept. `DurableJobStore.apply` makes them, in the same commit as the end of their job. Every
 * implementation runs `webhook-store.conformance.ts`.
 */
export interface WebhookStore {
  /** At most `limit` deliveries that are due; they are due again at `leaseUntilMs` unless they are settled before. */
  claimDue(nowMs: number, leaseUntilMs: number, limit: number): Promise<ClaimedDelivery[]>;
  /** Notes a try and what follows from it. False when the delivery was taken by somebody else meanwhile. */
  settle(id: string, attempt: number, outcome: TryOutcome): Promise<boolean>;
  /** The deliveries of a job, oldest first. */
  list(jobId: string): Promise<WebhookDelivery[]>;
  /** Makes a delivery of this job due again, whatever became of it. `undefined` when there is none. */
  redeliver(jobId: string, deliveryId: string, nowMs: number): Promise<WebhookDelivery | undefined>;
  /** The secret all signing secrets come from, base64; the first call keeps `candidate`, later ones get what was kept. */
  masterSecret(candidate: string): Promise<string>;
}
