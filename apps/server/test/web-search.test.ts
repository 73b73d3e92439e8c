import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ErrorBody, WebSearchResponse } from '@anura/openapi';
import { expect, test } from 'vitest';
import { post, runServer } from './running-server.ts';

const question = { query: 'frogs', number_of_results: 2 };

async function startSearxng(status: number, body: object) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, [Symbol.asyncDispose]: async () => void server.close() };
}

test('SearXNG answers where the operator chose it', async () => {
  const results = ['a', 'b', 'c'].map((name) => ({
    title: name,
    url: `https://${name}.example/`,
    content: `About ${name}.`,
  }));
  await using searxng = await startSearxng(200, { results, suggestions: ['tree frogs'] });
  await using server = await runServer({ flags: { 'search.engine': 'searxng', 'search.url': searxng.url } });
  const answer = (await (await post(`${server.base}/websearch`, question)).json()) as WebSearchResponse;
  expect(answer).toEqual({
    results: [
      { title: 'a', url: 'https://a.example/', description: 'About a.' },
      { title: 'b', url: 'https://b.example/', description: 'About b.' },
    ],
    related_queries: ['tree frogs'],
    count: 2,
  });
});

test('a search engine that fails is 502 with the reason and without its address', async () => {
  await using searxng = await startSearxng(500, {});
  await using server = await runServer({ flags: { 'search.engine': 'searxng', 'search.url': searxng.url } });
  const answer = await post(`${server.base}/websearch`, question);
  expect(answer.status).toBe(502);
  const { error } = (await answer.json()) as ErrorBody;
  expect(error.message).toContain('500');
  expect(error.message).not.toContain('127.0.0.1');
  expect(searxng.asked.length).toBe(2); // one retry
});

test('a search that is switched off says so', async () => {
  await using server = await runServer({ flags: { 'search.engine': 'off' } });
  const answer = await post(`${server.base}/websearch`, question);
  expect(answer.status).toBe(503);
  expect(((await answer.json()) as ErrorBody).error.message).toContain('search.engine');
});
