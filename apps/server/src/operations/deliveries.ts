import type { MediaJobs } from '@anura/core/jobs';
import type { WebhookDelivery, WebhookSender } from '@anura/core/webhooks';
import type { Delivery } from '@anura/openapi';
import { findJob } from '../media/find-job.ts';
import { envelope } from './envelope.ts';
import type { Handlers } from './operation.ts';

export interface DeliveryDependencies {
  readonly media: MediaJobs;
  readonly webhooks: WebhookSender;
}

/** What became of the messages to a job's `webhook_url`. */
export function deliveryOperations({
  media,
  webhooks,
}: DeliveryDependencies): Pick<Handlers, 'listJobDeliveries' | 'redeliverJobWebhook' | 'getWebhookSecret'> {
  return {
    async listJobDeliveries({ params }, response, { caller }) {
      const { id } = await findJob(media, params.id, caller.id);
      response.set('Job-Offer-Id', id);
      const deliveries = (await webhooks.deliveries(id)).map(describeDelivery);
      response.json(envelope('Retrieved deliveries successfully', { deliveries }));
    },
    async redeliverJobWebhook({ params }, response, { caller }) {
      const { id } = await findJob(media, params.id, caller.id);
      response.set('Job-Offer-Id', id);
      const delivery = await webhooks.redeliver(id, params.delivery_id);
      response.json(envelope('Delivery will be sent again', describeDelivery(delivery)));
    },
    async getWebhookSecret(_request, response, { caller }) {
      const secret = await webhooks.secretOf(caller.id);
      response.json(envelope('Retrieved webhook secret successfully', { secret }));
    },
  };
}

function describeDelivery({ id, url, event, state, createdAtMs, nextTryAtMs, tries }: WebhookDelivery): Delivery {
  return {
    id,
    url,
    event,
    state,
    created_at: isoTime(createdAtMs),
    next_try_at: nextTryAtMs === null ? null : isoTime(nextTryAtMs),
    tries: tries.map(({ atMs, durationMs, status, error }) => ({
      at: isoTime(atMs),
      duration_ms: Math.round(durationMs),
      status,
      error,
    })),
  };
}

const isoTime = (ms: number): string => new Date(ms).toISOString();
