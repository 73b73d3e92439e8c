import { expect, test } from 'vitest';
import { readDirectives } from './proxy-site.ts';

test('directives are read with what is in them', () => {
  expect(readDirectives('location / { proxy_pass http://a:1; proxy_set_header Connection ""; }')).toEqual([
    {
      words: ['location', '/'],
      inner: [{ words: ['proxy_pass', 'http://a:1'] }, { words: ['proxy_set_header', 'Connection', '""'] }],
    },
  ]);
});

test.each([
  ['location / { deny all }', 'lacks its semicolon'],
  ['location / { deny all;', 'is never closed'],
  ['deny all; }', 'a } too many'],
])('%s is refused', (text, reason) => {
  expect(() => readDirectives(text)).toThrow(reason);
});
