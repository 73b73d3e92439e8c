import { GatewayError } from '@anura/core';
import type { SearchOnUse } from '../open-search.ts';
import type { Handlers } from './operation.ts';

export function searchOperations({ search }: { search: SearchOnUse | undefined }): Pick<Handlers, 'webSearch'> {
  return {
    async webSearch({ body }, response, { signal }) {
      if (!search) throw switchedOff();
      const query = { query: body.query.trim(), count: body.number_of_results, signal };
      if (query.query === '') throw emptyQuery();
      const { results, related_queries } = await (await search.engine()).search(query);
      response.json({ results: [...results], related_queries: [...related_queries], count: results.length });
    },
  };
}

const switchedOff = (): GatewayError =>
  new GatewayError(
    'no-capacity',
    'Web search is switched off here. The operator can choose an engine with search.engine: local, searxng or brave.',
  );

const emptyQuery = (): GatewayError =>
  new GatewayError('invalid-request', 'query must hold more than spaces.', { param: 'query' });
