import { describe, expect, it } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import type { SearchEngine } from './search-engine.ts';

/** What every search engine does. `engine` must find at least four documents for the word `pond`; its maker closes it. */
export function testSearchEngine(name: string, engine: () => SearchEngine): void {
  const signal = new AbortController().signal;
  const search = (query: string, count = 10) => engine().search({ query, count, signal });

  describe(`${name} as a search engine`, () => {
    it('finds pages with a title, an address and one line of plain text', async () => {
      const { results } = await search('pond');
      expect(results.length).toBeGreaterThanOrEqual(4);
      for (const { title, url, description } of results) {
        expect(title).not.toBe('');
        expect(URL.canParse(url)).toBe(true);
        expect(`${title} ${description}`).not.toMatch(/<\/?[a-z]+>|&[a-z]+;|\n/i);
      }
    });

    it.each([1, 2, 3])('gives no more than the %d results asked for', async (count) => {
      expect((await search('pond', count)).results).toHaveLength(count);
    });

    it('gives each page once', async () => {
      const urls = (await search('pond')).results.map(({ url }) => url);
      expect(new Set(urls).size).toBe(urls.length);
    });

    it('suggests lines of text, none of them the query itself', async () => {
      const { related_queries: related } = await search('pond');
      expect(related).not.toContain('pond');
      for (const query of related) expect(query).toMatch(/^\S.*$/);
    });

    it.each([
      '"',
      '" OR *',
      'pond AND',
      'NEAR(a b)',
      'title:x',
      '^',
      "'; drop table documents; --",
      '(((',
      '\\',
      '*',
      '%',
    ])('takes %j for words, not for a command', async (query) => {
      expect(Array.isArray((await search(query)).results)).toBe(true);
      expect((await search('pond')).results.length).toBeGreaterThanOrEqual(4);
    });

    it.each(['蛙の池', 'лягушка', 'grenouille à l’étang', '\u{1f438}', '\ud800', 'x'.repeat(400), '\u0000'])(
      'takes %j without harm',
      async (query) => {
        expect(Array.isArray((await search(query)).results)).toBe(true);
      },
    );

    it('does not begin for a caller who has left, and passes on why', async () => {
      const why = new GatewayError('engine-timeout', 'Too late.');
      const asked = engine().search({ query: 'pond', count: 3, signal: AbortSignal.abort(why) });
      await expect(asked).rejects.toBe(why);
      const left = engine().search({ query: 'pond', count: 3, signal: AbortSignal.abort() });
      await expect(left).rejects.toMatchObject({ code: 'cancelled' });
    });

    it('answers many at once', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => search('pond', 2)));
      expect(answers.every(({ results }) => results.length === 2)).toBe(true);
    });
  });
}
