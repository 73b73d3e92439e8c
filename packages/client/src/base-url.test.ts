import { expect, test } from 'vitest';
import { apiUrl } from './base-url.js';

test.each([
  ['http://localhost:8080', 'http://localhost:8080/api/v1'],
  ['http://localhost:8080/', 'http://localhost:8080/api/v1'],
  ['http://localhost:8080/api/v1', 'http://localhost:8080/api/v1'],
  ['http://localhost:8080/api/v1//', 'http://localhost:8080/api/v1'],
  ['http://localhost:8080/v1', 'http://localhost:8080/v1'],
  ['https://example.org/anura/', 'https://example.org/anura/api/v1'],
  ['', '/api/v1'],
  ['/', '/api/v1'],
  ['/api/v1', '/api/v1'],
])('%o means %o', (baseUrl, url) => {
  expect(apiUrl(baseUrl)).toBe(url);
});

test('an address without http:// is refused with the address that was meant', () => {
  expect(() => apiUrl('localhost:8080')).toThrow('Did you mean http://localhost:8080?');
});

test.each(['ftp://example.org', 'not a url'])('%o is refused', (baseUrl) => {
  expect(() => apiUrl(baseUrl)).toThrow('is not an http:// or https:// URL');
});

test.each([
  ['http://example.org/?token=secret', 'behind a ? or #'],
  ['https://me:secret@example.org', 'user name or password'],
])('%o is refused by the part that is wrong, which is not shown', (baseUrl, message) => {
  expect(() => apiUrl(baseUrl)).toThrow(message);
  expect(() => apiUrl(baseUrl)).not.toThrow('secret');
});

test('no base URL at all is refused with an example of one', () => {
  for (const baseUrl of [undefined, null, 8484]) expect(() => apiUrl(baseUrl)).toThrow('such as http://localhost:8484');
});
