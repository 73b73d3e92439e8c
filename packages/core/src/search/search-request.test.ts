import { describe, expect, it } from 'vitest';
import { readSearchRequest } from './search-request.ts';

describe('a search request', () => {
  it('is a query and a number of results', () => {
    expect(readSearchRequest({ query: ' frogs ', number_of_results: 10, user: 'x' })).toEqual({
      query: 'frogs',
      count: 10,
    });
    expect(readSearchRequest({ query: '\u{1f438}'.repeat(400), number_of_results: 1 }).count).toBe(1);
  });

  it.each([
    ['query', {}],
    ['query', undefined],
    ['query', null],
    ['query', 'frogs'],
    ['query', { query: '', number_of_results: 3 }],
    ['query', { query: ' \n ', number_of_results: 3 }],
    ['query', { query: ['frogs'], number_of_results: 3 }],
    ['query', { query: 'x'.repeat(401), number_of_results: 3 }],
    ['number_of_results', { query: 'frogs' }],
    ['number_of_results', { query: 'frogs', number_of_results: 0 }],
    ['number_of_results', { query: 'frogs', number_of_results: 11 }],
    ['number_of_results', { query: 'frogs', number_of_results: 1.5 }],
    ['number_of_results', { query: 'frogs', number_of_results: '3' }],
    ['number_of_results', { query: 'frogs', number_of_results: Number.NaN }],
  ])('is refused naming %s for %j', (param, body) => {
    expect(() => readSearchRequest(body)).toThrow(
      expect.objectContaining({ code: 'invalid-request', data: { param } }),
    );
  });
});
