import { describeJob } from '@anura/core/jobs';
import type { WebhookDelivery } from '@anura/core/webhooks';
import type { WebhookMessage } from '@anura/openapi';
import { errorAnswer } from '../http/error-answers.ts';

/** What a webhook says: how the job ended, and the job as it was then. The same at every try. */
export function webhookMessage({ event, record }: WebhookDelivery): string {
  const message: WebhookMessage = {
    type: event,
    timestamp: new Date(record.updatedAtMs).toISOString(),
    data: describeJob(record, (error) => errorAnswer(error).body.error),
  };
  return JSON.stringify(message);
}
