import type { IdempotencyStore } from '../idempotency/idempotency-store.ts';
import type { DurableJobStore } from '../jobs/durable/durable-job-store.ts';
import type { JobStore } from '../jobs/job-store.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { UsageStore } from '../usage/usage-store.ts';
import type { WebhookStore } from '../webhooks/webhook-store.ts';

/** All that outlives the process. Whoever opened the stores closes them, after everything that writes to them. */
export interface Stores {
  readonly keys: KeyStore;
  readonly usage: UsageStore;
  readonly jobs: JobStore;
  readonly durableJobs: DurableJobStore;
  readonly webhooks: WebhookStore;
  readonly idempotency: IdempotencyStore;
  /** Safe to call twice. */
  close(): Promise<void>;
}
