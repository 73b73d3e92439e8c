import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import type { RetryNotice } from './connection.js';
import { createAnura } from './create-anura.js';
import { errorBody, json, testServer } from './test-server.js';

const messages = [{ role: 'user' as const, content: 'Hello' }];
const prompt = { model: 'draws', prompt: 'A frog' };
const id = 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn';

/** A server whose first answer is `first` and whose others are `then`; and the headers it was sent. */
async function twoAnswers(
  first: (response: ServerResponse) => void,
  then: (response: ServerResponse) => void = (response) => json(response, 200, { data: { job_offer_id: id } }),
) {
  const heads: IncomingMessage['headers'][] = [];
  const server = await testServer((request, response) => {
    heads.push(request.headers);
    (heads.length === 1 ? first : then)(response);
  });
  return { ...server, heads };
}

const loseConnection = (response: ServerResponse) => void response.destroy();
const refuse = (response: ServerResponse, retryAfter: string) =>
  json(response, 429, errorBody(429, 'queue_full', 'Busy.'), { 'retry-after': retryAfter });

test('a question that only reads is asked again when its connection is lost, and onRetry is told', async () => {
  await using server = await twoAnswers(loseConnection, (response) =>
    json(response, 200, { object: 'list', data: [] }),
  );
  const notices: RetryNotice[] = [];
  const anura = createAnura({ baseUrl: server.url, onRetry: (notice) => notices.push(notice) });
  expect(await anura.models.list()).toEqual([]);
  expect(server.requests).toHaveLength(2);
  expect(notices).toMatchObject([{ failures: 1, error: { code: 'no_server' } }]);
});

test.each<[string, (url: string) => Promise<unknown>]>([
  ['video.create', (baseUrl) => createAnura({ baseUrl }).video.create(prompt)],
  ['audio.create', (baseUrl) => createAnura({ baseUrl }).audio.create({ model: 'm', input: 'Hi', voice: 'heart' })],
])('%s is sent again under the same key of its own', async (_name, create) => {
  await using server = await twoAnswers(loseConnection);
  await create(server.url);
  const keys = server.heads.map((head) => head['idempotency-key']);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys[1]).toBe(keys[0]);
});

test('two creates have two keys, and one of yours is kept', async () => {
  await using server = await twoAnswers((response) => json(response, 200, { data: { job_offer_id: id } }));
  const anura = createAnura({ baseUrl: server.url });
  await anura.video.create(prompt);
  await anura.video.create(prompt);
  await anura.video.create(prompt, { idempotencyKey: 'mine' });
  const keys = server.heads.map((head) => head['idempotency-key']);
  expect(new Set(keys).size).toBe(3);
  expect(keys[2]).toBe('mine');
});

test.each<[string, (url: string) => Promise<unknown>]>([
  ['a chat', (baseUrl) => createAnura({ baseUrl }).chat.create({ model: 'm', messages })],
  ['a streamed chat', (baseUrl) => createAnura({ baseUrl }).chat.stream({ model: 'm', messages }).answer()],
  ['a picture', (baseUrl) => createAnura({ baseUrl }).image(prompt)],
  ['a sentence', (baseUrl) => createAnura({ baseUrl }).speech({ model: 'm', input: 'Hi', voice: 'heart' })],
  ['a new key', (baseUrl) => createAnura({ baseUrl }).keys.create()],
])('%s whose connection is lost is not sent again', async (_name, send) => {
  await using server = await twoAnswers(loseConnection);
  await expect(send(server.url)).rejects.toMatchObject({ code: 'no_server' });
  expect(server.requests).toHaveLength(1);
});

test.each<[string, (url: string) => Promise<unknown>, (response: ServerResponse) => void]>([
  [
    'a chat',
    (baseUrl) => createAnura({ baseUrl }).chat.create({ model: 'm', messages }, { idempotencyKey: 'mine' }),
    (response) => json(response, 200, { choices: [] }),
  ],
  [
    'a picture',
    (baseUrl) => createAnura({ baseUrl }).image(prompt, { idempotencyKey: 'mine' }),
    (response) => response.writeHead(200, { 'content-type': 'image/png' }).end('PNG'),
  ],
])('%s under a key of yours is', async (_name, send, answer) => {
  await using server = await twoAnswers(loseConnection, answer);
  await send(server.url);
  expect(server.heads.map((head) => head['idempotency-key'])).toEqual(['mine', 'mine']);
});

test('a chat that was refused is sent again after Retry-After', async () => {
  await using server = await twoAnswers(
    (response) => refuse(response, '1'),
    (response) => json(response, 200, { choices: [] }),
  );
  const delays: number[] = [];
  const anura = createAnura({ baseUrl: server.url, onRetry: ({ delayMs }) => delays.push(delayMs) });
  await anura.chat.create({ model: 'm', messages });
  expect(server.requests).toHaveLength(2);
  expect(delays).toEqual([1_000]);
});

test('the last refusal is thrown whole', async () => {
  await using server = await testServer((_request, response) => refuse(response, '1'));
  const anura = createAnura({ baseUrl: server.url, retries: 1 });
  await expect(anura.models.list()).rejects.toMatchObject({ code: 'queue_full', retryAfterMs: 1_000 });
  expect(server.requests).toHaveLength(2);
});

test('the signal ends the pause before the next try', async () => {
  await using server = await testServer((_request, response) => refuse(response, '30'));
  const controller = new AbortController();
  const anura = createAnura({ baseUrl: server.url, onRetry: () => controller.abort(new Error('enough')) });
  await expect(anura.models.list({ signal: controller.signal })).rejects.toThrow('enough');
  expect(server.requests).toHaveLength(1);
});
