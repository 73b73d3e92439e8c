import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { AnuraError } from './anura-error.js';
import { createAnura } from './create-anura.js';
import { listVideos } from './operations.js';
import { createChatCompletionMutation, listModelsOptions, listModelsQueryKey } from './react-query.js';
import { errorBody, json, testServer } from './test-server.js';
import { zChatCompletionRequest } from './zod.js';

test('an operation without a method of its own is called with the client', async () => {
  await using server = await testServer((request, response) =>
    json(response, 200, { object: 'list', data: [], key: request.headers.authorization }),
  );
  const { client } = createAnura({ baseUrl: server.url, apiKey: 'anr_1' });
  const { data } = await listVideos({ client, query: { limit: 3 } });
  expect(data).toEqual({ object: 'list', data: [], key: 'Bearer anr_1' });
  expect(server.requests).toEqual(['GET /api/v1/videos?limit=3']);
});

test('a query is cached under its server and throws the typed error', async () => {
  await using server = await testServer((request, response) => {
    if (request.headers.authorization) return json(response, 200, { object: 'list', data: [] });
    json(response, 401, errorBody(401, 'invalid_api_key', 'The key is not known here.'));
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const { client } = createAnura({ baseUrl: server.url, apiKey: 'anr_1' });
  await queries.fetchQuery(listModelsOptions({ client }));
  expect(queries.getQueryData(listModelsQueryKey({ client }))).toEqual({ object: 'list', data: [] });
  const stranger = createAnura({ baseUrl: `${server.url}/v1` }).client;
  const error = await queries.fetchQuery(listModelsOptions({ client: stranger })).catch((thrown: unknown) => thrown);
  expect(AnuraError.is(error) && error.code).toBe('invalid_api_key');
});

test('a mutation sends what it is given', async () => {
  await using server = await testServer((_request, response, body) => json(response, 200, { sent: JSON.parse(body) }));
  const { client } = createAnura({ baseUrl: server.url });
  const body = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };
  const queries = new QueryClient();
  const mutation = queries.getMutationCache().build(queries, createChatCompletionMutation({ client }));
  expect(await mutation.execute({ body, client })).toEqual({ sent: body });
});

test('a schema says what is wrong with a request before it is sent', () => {
  const { success, error } = zChatCompletionRequest.safeParse({ model: 'm', messages: 'Hi' });
  expect(success).toBe(false);
  expect(error?.issues[0]?.path).toEqual(['messages']);
});
