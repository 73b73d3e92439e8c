import type { Gateway } from '@anura/core/gateway';
import { timingsOf } from '../http/server-timing.ts';
import type { Handlers } from './operation.ts';

export function embeddingOperations({ gateway }: { gateway: Gateway }): Pick<Handlers, 'createEmbedding'> {
  return {
    async createEmbedding({ body }, response, { requester, signal }) {
      const answer = await gateway.embed(body, requester, signal);
      const timings = timingsOf(response);
      if (answer.record.queueMs !== undefined) timings.mark('queue', answer.record.queueMs);
      timings.mark('total');
      response.set({ 'Job-Offer-Id': answer.jobOfferId, 'Server-Timing': timings.header() });
      response.json(answer.response);
    },
  };
}
