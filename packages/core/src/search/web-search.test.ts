import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { braveAnswer, searxngAnswer } from './__fixtures__/search-answers.ts';
import { cutOff, endless, type StandIn, silent, startStandIn, withBody, withStatus } from './__fixtures__/stand-in.ts';
import { createBraveSearch } from './brave.ts';
import { testSearchEngine } from './search-engine.conformance.ts';
import type { SearchEngine } from './search-engine.ts';
import { createSearxngSearch } from './searxng.ts';

const apiKey = 'BSA-very-secret';
const patience = { timeoutMs: 400, retryDelayMs: 5 };
const signal = new AbortController().signal;

describe.each([
  {
    name: 'searxng',
    answer: searxngAnswer,
    open: (baseUrl: string): SearchEngine => createSearxngSearch({ baseUrl, ...patience }),
  },
  {
    name: 'brave',
    answer: braveAnswer,
    open: (baseUrl: string): SearchEngine => createBraveSearch({ baseUrl, apiKey, ...patience }),
  },
])('$name', ({ name, answer, open }) => {
  let server: StandIn;
  let engine: SearchEngine;
  beforeAll(async () => {
    server = await startStandIn(answer);
    engine = open(`${server.baseUrl}/some/path/`);
  });
  beforeEach(() => server.behave());
  afterAll(async () => {
    await engine.close();
    await engine.close();
    await server[Symbol.asyncDispose]();
  });
  const search = () => engine.search({ query: 'pond', count: 3, signal });

  testSearchEngine(name, () => engine);

  it('shows titles and descriptions as plain text', async () => {
    const [first] = (await search()).results;
    expect(first).toEqual({
      title: 'The pond & its frogs 0',
      url: 'https://pond.example/page/0',
      description: 'Frogs live in the pond "number 0".',
    });
  });

  it.each([
    ['an error of its own', withStatus(500)],
    ['too busy', withStatus(503)],
    ['a cut connection', cutOff],
    ['silence', silent],
  ])('tries once more after %s', async (_what, manner) => {
    const before = server.seen.length;
    server.behave(manner);
    expect((await search()).results).toHaveLength(3);
    expect(server.seen.length - before).toBe(2);
  });

  it.each([
    ['it keeps failing', [withStatus(502), withStatus(502)], 'engine-failed', /answered 502/, 2],
    ['it keeps silent', [silent, silent], 'engine-timeout', /within 400 ms/, 2],
    ['it asks for patience', [withStatus(429, { 'retry-after': '7' })], 'engine-failed', /too often/, 1],
    ['it refuses the key', [withStatus(401)], 'engine-failed', /key \(401\)/, 1],
    [
      'it redirects',
      [withStatus(302, { location: 'https://elsewhere.example/' })],
      'engine-failed',
      /final address/,
      1,
    ],
    ['it answers a web page', [withBody('<html>')], 'engine-failed', /not JSON/, 1],
    ['it answers other JSON', [withBody('[1, 2]')], 'engine-failed', /answered JSON/, 1],
    ['it answers null', [withBody('null')], 'engine-failed', /answered JSON/, 1],
    ['it never ends', [endless], 'engine-failed', /more than can be taken/, 1],
  ] as const)('says why when %s', async (_when, manners, code, why, tries) => {
    const before = server.seen.length;
    server.behave(...manners);
    const error = await search().catch((error: unknown) => error);
    expect(error).toMatchObject({ code, message: expect.stringMatching(why) });
    expect(String(error)).not.toContain('127.0.0.1');
    expect(String(error)).not.toContain(apiKey);
    expect(server.seen.length - before).toBe(tries);
  });

  it('tells how long to wait where the service does', async () => {
    server.behave(withStatus(429, { 'retry-after': '7' }));
    await expect(search()).rejects.toMatchObject({
      retry: 'elsewhere',
      data: { retryAfterMs: 7_000, upstreamStatus: 429 },
    });
  });

  it('stops waiting when the caller leaves', async () => {
    const caller = new AbortController();
    server.behave(() => caller.abort());
    const asked = engine.search({ query: 'pond', count: 3, signal: caller.signal });
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('says that nobody listens, without saying where', async () => {
    const gone = await startStandIn(answer);
    await gone[Symbol.asyncDispose]();
    const alone = open(gone.baseUrl);
    const error = await alone.search({ query: 'pond', count: 3, signal }).catch((error: unknown) => error);
    await alone.close();
    expect(error).toMatchObject({
      code: 'engine-failed',
      retry: 'here',
      message: expect.stringMatching(/cannot be reached \(ECONNREFUSED\)/),
    });
  });
});

describe('searxng', () => {
  it('is asked for JSON under its own path, and its corrections and suggestions are passed on', async () => {
    await using server = await startStandIn(searxngAnswer);
    const engine = createSearxngSearch({ baseUrl: `${server.baseUrl}/searx/` });
    const { related_queries: related } = await engine.search({ query: 'pond & frog', count: 1, signal });
    await engine.close();
    expect(related).toEqual(['ponds', 'pond life', 'garden pond']);
    expect(server.seen.map(({ path, query }) => [path, query.toString()])).toEqual([
      ['/searx/search', 'q=pond+%26+frog&format=json'],
    ]);
  });

  it.each([
    ['JSON is not allowed there', withStatus(403), /add `json` to search\.formats/],
    [
      'none of its engines answered',
      withBody('{"results":[],"unresponsive_engines":[["a","timeout"]]}'),
      /none of its 1 engines/,
    ],
  ])('says what to do when %s', async (_when, manner, why) => {
    await using server = await startStandIn(searxngAnswer);
    server.behave(manner);
    const engine = createSearxngSearch({ baseUrl: server.baseUrl });
    await expect(engine.search({ query: 'pond', count: 1, signal })).rejects.toThrow(why);
    await engine.close();
  });
});

describe('brave', () => {
  it('is sent the key in its header and the count, and finds nothing without an error', async () => {
    await using server = await startStandIn(braveAnswer);
    server.behave(withBody('{"type":"search","query":{"original":"x"}}'));
    const engine = createBraveSearch({ baseUrl: server.baseUrl, apiKey });
    expect(await engine.search({ query: 'x', count: 4, signal })).toEqual({ results: [], related_queries: [] });
    await engine.close();
    expect(server.seen[0]?.headers['x-subscription-token']).toBe(apiKey);
    expect(server.seen[0]?.query.get('count')).toBe('4');
  });

  it('refuses more words than it takes, by name', async () => {
    const engine = createBraveSearch({ apiKey });
    const query = 'a '.repeat(51).trim();
    await expect(engine.search({ query, count: 1, signal })).rejects.toMatchObject({
      code: 'invalid-request',
      data: { param: 'query' },
    });
    await engine.close();
  });
});
