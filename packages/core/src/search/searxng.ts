import type { SearchAnswer, SearchEngine, SearchQuery } from './search-engine.ts';
import { JsonUpstream, type JsonUpstreamOptions } from './upstream/json-upstream.ts';
import { fieldsOf, listOf, tidyQueries, tidyResults } from './upstream/tidy-results.ts';

export interface SearxngOptions extends Pick<JsonUpstreamOptions, 'headers' | 'timeoutMs' | 'retryDelayMs'> {
  /** Where the instance answers, e.g. `http://127.0.0.1:8888`; a path is kept. */
  readonly baseUrl: string;
}

const mostRelated = 8;

/**
 * A SearXNG instance by its JSON API, https://docs.searxng.org/dev/search_api.html. The instance must allow `json` in
 * `search.formats`.
 */
export function createSearxngSearch({ baseUrl, ...options }: SearxngOptions): SearchEngine {
  const upstream = new JsonUpstream({
    name: 'searxng',
    ...options,
    statusWords: { 403: 'does not answer in JSON (403): add `json` to search.formats in its settings.yml' },
  });
  return {
    name: 'searxng',
    search: async (query) =>
      readAnswer(fieldsOf(await upstream.get(searchUrl(baseUrl, query), query.signal)), query, upstream),
    close: () => upstream.close(),
  };
}

function searchUrl(baseUrl: string, { query }: SearchQuery): URL {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/search`);
  url.search = new URLSearchParams({ q: query, format: 'json' }).toString();
  return url;
}

function readAnswer(
  body: Readonly<Record<string, unknown>>,
  { query, count }: SearchQuery,
  upstream: JsonUpstream,
): SearchAnswer {
  if (!Array.isArray(body['results'])) throw upstream.unusable('answered JSON without results');
  const raw = listOf(body['results']).map(fieldsOf);
  const silent = listOf(body['unresponsive_engines']);
  if (raw.length === 0 && silent.length > 0) {
    throw upstream.unusable(`found nothing, because none of its ${silent.length} engines answered`);
  }
  return {
    results: tidyResults(
      raw.map(({ title, url, content }) => ({ title, url, description: content })),
      count,
    ),
    related_queries: tidyQueries([...listOf(body['corrections']), ...listOf(body['suggestions'])], query, mostRelated),
  };
}
