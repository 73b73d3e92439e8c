import { expect, test } from 'vitest';
import { internalLinks } from './internal-links.ts';

test('links and pictures inside the repository are found, with their anchors', () => {
  expect(internalLinks('See [limits](limits.md#other-bounds) and ![a picture](assets/one.svg).')).toEqual([
    { path: 'limits.md', anchor: 'other-bounds' },
    { path: 'assets/one.svg' },
  ]);
});

test('addresses elsewhere and what stands in code are none', () => {
  const text = '[there](https://example.com) `[not](a-link.md)`\n```md\n[not](either.md)\n```\n';
  expect(internalLinks(text)).toEqual([]);
});
