import type { SeenRequest } from './stand-in.ts';

const pages = Array.from({ length: 12 }, (_, index) => ({
  title: `The <strong>pond</strong> &amp; its frogs ${index}`,
  url: `https://pond.example/page/${index}`,
  words: `Frogs live in the <strong>pond</strong>\n&quot;number ${index}&quot;.`,
}));

/** What SearXNG answers, with a page twice and some that are of no use. */
export function searxngAnswer({ query }: SeenRequest): unknown {
  const useless = [{ title: 'no address' }, { title: 'a script', url: 'javascript:alert(1)' }, null, 7];
  return {
    query: query.get('q'),
    number_of_results: 0,
    results: [
      ...useless,
      ...[pages[0], ...pages].map((page) => ({
        title: page?.title,
        url: page?.url,
        content: page?.words,
        engine: 'x',
      })),
    ],
    answers: [],
    corrections: ['ponds'],
    infoboxes: [],
    suggestions: ['pond life', 'garden <b>pond</b>', query.get('q'), 42],
    unresponsive_engines: [['y', 'timeout']],
  };
}

/** What Brave's API answers; it obeys `count`. */
export function braveAnswer({ query }: SeenRequest): unknown {
  return {
    type: 'search',
    query: { original: query.get('q'), altered: 'ponds' },
    web: {
      type: 'search',
      results: pages
        .slice(0, Number(query.get('count')))
        .map(({ title, url, words }) => ({ title, url, description: words })),
    },
  };
}
