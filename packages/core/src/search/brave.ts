import { GatewayError } from '../errors/gateway-error.ts';
import type { SearchAnswer, SearchEngine, SearchQuery } from './search-engine.ts';
import { JsonUpstream, type JsonUpstreamOptions } from './upstream/json-upstream.ts';
import { fieldsOf, listOf, tidyQueries, tidyResults } from './upstream/tidy-results.ts';

export interface BraveOptions extends Pick<JsonUpstreamOptions, 'timeoutMs' | 'retryDelayMs'> {
  /** Sent as `X-Subscription-Token`. Never appears in messages. */
  readonly apiKey: string;
  /** Default `https://api.search.brave.com/res/v1`. */
  readonly baseUrl?: string;
}

const mostWords = 50;

/**
 * Brave's web search API, https://api-dashboard.search.brave.com/api-reference/web/search/get. It names no related queries;
 * what is passed on is the spelling it searched for instead, where it changed the query.
 */
export function createBraveSearch({
  apiKey,
  baseUrl = 'https://api.search.brave.com/res/v1',
  ...options
}: BraveOptions): SearchEngine {
  const upstream = new JsonUpstream({ name: 'brave', ...options, headers: { 'x-subscription-token': apiKey } });
  return {
    name: 'brave',
    search: async (query) => {
      checkWords(query.query);
      return readAnswer(fieldsOf(await upstream.get(searchUrl(baseUrl, query), query.signal)), query, upstream);
    },
    close: () => upstream.close(),
  };
}

function checkWords(query: string): void {
  const words = query.split(/\s+/).length;
  if (words <= mostWords) return;
  throw new GatewayError('invalid-request', `\`query\` must have at most ${mostWords} words; it has ${words}.`, {
    param: 'query',
  });
}

function searchUrl(baseUrl: string, { query, count }: SearchQuery): URL {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/web/search`);
  url.search = new URLSearchParams({ q: query, count: String(count), text_decorations: 'false' }).toString();
  return url;
}

function readAnswer(
  body: Readonly<Record<string, unknown>>,
  { query, count }: SearchQuery,
  upstream: JsonUpstream,
): SearchAnswer {
  if (body['type'] !== 'search') throw upstream.unusable('answered JSON that is not a search');
  // `web` is left out where nothing was found.
  const raw = listOf(fieldsOf(body['web'])['results']).map(fieldsOf);
  return {
    results: tidyResults(
      raw.map(({ title, url, description }) => ({ title, url, description })),
      count,
    ),
    related_queries: tidyQueries([fieldsOf(body['query'])['altered']], query, 1),
  };
}
