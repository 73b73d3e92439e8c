import type { JobRecord } from '../jobs/job-record.ts';
import { isUnfinished } from '../jobs/job-state.ts';

/** What a webhook tells: how a job ended. */
export const webhookEvents = ['job.completed', 'job.failed', 'job.cancelled', 'job.timed_out'] as const;

export type WebhookEvent = (typeof webhookEvents)[number];

/** One message to one address, with everything that was tried. Plain data; times are milliseconds since 1970. */
export interface WebhookDelivery {
  /** The same for every try, so that receivers can tell repetitions: `msg_` and 32 hex digits. */
  readonly id: string;
  readonly jobId: string;
  readonly keyId: string;
  readonly url: string;
  readonly event: WebhookEvent;
  /** The job as it ended; what happened to it later is not part of the message, which is the same at every try. */
  readonly record: JobRecord;
  readonly createdAtMs: number;
  /** `given-up`: the last planned try failed, or the receiver said that it is gone. */
  readonly state: 'waiting' | 'delivered' | 'given-up';
  /** When the next try is due; `null` unless waiting. */
  readonly nextTryAtMs: number | null;
  /** The last tries, oldest first. */
  readonly tries: readonly WebhookTry[];
  /** Tries since it was made or last asked for again. */
  readonly round: number;
}

export interface WebhookTry {
  readonly atMs: number;
  readonly durationMs: number;
  /** The receiver's status; `null` when there was no answer. */
  readonly status: number | null;
  /** Why it counts as failed, without addresses; `null` when it was delivered. */
  readonly error: string | null;
}

/** What a finished job's webhook says; `undefined` while it is not finished. */
export function webhookEventOf({ state, failure }: JobRecord): WebhookEvent | undefined {
  if (isUnfinished(state)) return undefined;
  if (failure !== null) return 'job.failed';
  if (state === 'JobOfferCancelled') return 'job.cancelled';
  return state === 'ResultsSubmitted' || state === 'ResultsAccepted' ? 'job.completed' : 'job.timed_out';
}
