import type { Gateway } from '@anura/core/gateway';
import { envelope } from './envelope.ts';
import type { Handlers } from './operation.ts';

export function explainOperations({ gateway }: { gateway: Gateway }): Pick<Handlers, 'explainRoute'> {
  return {
    explainRoute({ body }, response, { requester }) {
      const route =
        body.kind === 'chat'
          ? gateway.explainChat(body.request, requester)
          : gateway.explainEmbedding(body.request, requester);
      response.json(envelope('Explained route successfully', route));
    },
  };
}
