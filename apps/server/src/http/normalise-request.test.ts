import { expect, test } from 'vitest';
import { normalisePath } from './normalise-request.ts';

test.each([
  ['/api/v1//chat/completions', '/api/v1/chat/completions'],
  ['/v1/models/', '/api/v1/models'],
  ['//v1///models', '/api/v1/models'],
  ['/v1', '/api/v1'],
  ['/v1beta/models', '/v1beta/models'],
  ['/', '/'],
  ['/v1/usage?from=2025-01-01&x=//', '/api/v1/usage?from=2025-01-01&x=//'],
])('%s is %s', (given, expected) => {
  expect(normalisePath(given)).toBe(expected);
});
