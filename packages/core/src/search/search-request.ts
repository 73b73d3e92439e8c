import { GatewayError } from '../errors/gateway-error.ts';
import type { SearchQuery } from './search-engine.ts';

/** What the largest web index takes. */
const mostQueryCharacters = 400;
const mostResults = 10;

/**
 * Reads the body of a web search.
 *
 * @throws GatewayError `invalid-request` naming the field and saying what it may be.
 */
export function readSearchRequest(body: unknown): Omit<SearchQuery, 'signal'> {
  const { query, number_of_results: count } = (body ?? {}) as { query?: unknown; number_of_results?: unknown };
  if (typeof query !== 'string') throw invalid('query', 'must be a string');
  const length = [...query.trim()].length;
  if (length < 1 || length > mostQueryCharacters) {
    throw invalid('query', `must have 1 to ${mostQueryCharacters} characters; it has ${length}`);
  }
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > mostResults) {
    throw invalid('number_of_results', `must be a whole number from 1 to ${mostResults}`);
  }
  return { query: query.trim(), count };
}

function invalid(param: string, expectation: string): GatewayError {
  return new GatewayError('invalid-request', `\`${param}\` ${expectation}.`, { param });
}
