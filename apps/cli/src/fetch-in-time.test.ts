import { createAnura } from '@anura/client';
import { expect, test } from 'vitest';
import { model, models, startSmallServer } from './__fixtures__/small-server.ts';
import { fetchInTime } from './fetch-in-time.ts';

test('a server that takes the call and says nothing is not waited for', async () => {
  await using server = await startSmallServer({ 'GET /models': () => undefined });
  const anura = createAnura({ baseUrl: server.url, retries: 0, fetch: fetchInTime(50) });
  await expect(anura.models.list()).rejects.toMatchObject({
    code: 'no_server',
    message: `${server.url}/api/v1 cannot be reached (it has said nothing for 0.05 s). Check the address and that the server is running.`,
  });
});

test('an answer that has begun may take its time, and so may what makes something', async () => {
  const later = (answer: () => void) => setTimeout(answer, 120);
  const whole = models(model('tadpole'));
  await using server = await startSmallServer({
    'GET /models': (response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).flushHeaders();
      later(() => response.end(JSON.stringify({ object: 'list', data: [model('tadpole')] })));
    },
    'POST /embeddings': (response, request) => later(() => whole(response, request)),
  });
  const anura = createAnura({ baseUrl: server.url, retries: 0, fetch: fetchInTime(50) });
  expect(await anura.models.list()).toMatchObject([{ id: 'tadpole' }]);
  expect(await anura.embeddings.create({ model: 'e', input: 'x' })).toMatchObject({ data: [{ id: 'tadpole' }] });
});
