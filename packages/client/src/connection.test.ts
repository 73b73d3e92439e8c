import { expect, test } from 'vitest';
import { type AnuraOptions, connectionFrom } from './connection.js';
import { createAnura } from './create-anura.js';
import { json, testServer } from './test-server.js';

const baseUrl = 'http://localhost:8484';

test.each<[string, object | undefined]>([
  ['baseUrl', undefined],
  ['baseUrl', {}],
  ['apiKey', { baseUrl, apiKey: 5 }],
  ['retries', { baseUrl, retries: -1 }],
  ['retries', { baseUrl, retries: Number.NaN }],
  ['retries', { baseUrl, retries: '2' }],
  ['timeoutMs', { baseUrl, timeoutMs: 0 }],
  ['timeoutMs', { baseUrl, timeoutMs: Number.NaN }],
  ['timeoutMs', { baseUrl, timeoutMs: '30s' }],
  ['fetch', { baseUrl, fetch: 'mine' }],
  ['onRetry', { baseUrl, onRetry: true }],
])('a wrong %s is refused by name before anything is sent: %o', (param, options) => {
  const make = () => connectionFrom(options as AnuraOptions);
  expect(make).toThrow(expect.objectContaining({ name: 'AnuraError', code: 'invalid_options', param }));
});

test.each([Number.POSITIVE_INFINITY, 2 ** 40])(
  'a timeoutMs of %d waits, and does not end at once',
  async (timeoutMs) => {
    await using server = await testServer((_request, response) =>
      setTimeout(() => json(response, 200, { object: 'list', data: [] }), 30),
    );
    expect(await createAnura({ baseUrl: server.url, timeoutMs }).models.list()).toEqual([]);
  },
);

test('a path as the base URL leads nowhere outside a page, which every kind of call says', async () => {
  const anura = createAnura({ baseUrl: '/anura', retries: 0 });
  const prompt = { model: 'm', prompt: 'A frog' };
  const refusal = { code: 'invalid_options', param: 'baseUrl' };
  await expect(anura.models.list()).rejects.toMatchObject(refusal);
  await expect(anura.image(prompt)).rejects.toMatchObject(refusal);
  await expect(anura.chat.stream({ model: 'm', messages: [] }).answer()).rejects.toMatchObject(refusal);
});
