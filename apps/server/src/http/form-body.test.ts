import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { formBody } from './form-body.ts';
import { normaliseRequest } from './normalise-request.ts';

async function start(): Promise<string> {
  const app = express();
  app.use(normaliseRequest, formBody(2000, { '/forms': ['seed'] }));
  app.post('/{*path}', (request, response) => {
    response.json({ type: request.headers['content-type'], body: request.body ?? null });
  });
  const refuse: ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(error.status ?? 400).json({ message: error.message });
  };
  app.use(refuse);
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function form(fields: Record<string, string | Blob>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

const send = async (url: string, body: FormData | string, headers: Record<string, string> = {}) =>
  (await fetch(url, { method: 'POST', body, headers })).json();

test('a form says what JSON would have said', async () => {
  const url = await start();
  const body = form({ prompt: 'a frog — née tadpole', seed: '7', seconds: '4', file: new Blob(['x']) });
  expect(await send(`${url}/forms`, body)).toEqual({
    type: 'application/json',
    body: { prompt: 'a frog — née tadpole', seed: 7, seconds: '4', file: { file: 'blob' } },
  });
});

test('a number that is none stays what it was, for the contract to refuse', async () => {
  const url = await start();
  expect(await send(`${url}/forms`, form({ seed: 'lucky' }))).toMatchObject({ body: { seed: 'lucky' } });
});

test('elsewhere a form is left alone, without its boundary', async () => {
  const url = await start();
  expect(await send(`${url}/other`, form({ a: 'b' }))).toEqual({ type: 'multipart/form-data', body: null });
});

test('a form over the limit is refused', async () => {
  const url = await start();
  expect(await send(`${url}/forms`, form({ prompt: 'x'.repeat(3000) }))).toMatchObject({
    message: expect.stringContaining('too large'),
  });
});

test.each([
  ['without a boundary', 'multipart/form-data', '--x--'],
  ['that is cut off', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb'],
  ['with nothing in it', 'multipart/form-data; boundary=x', ''],
])('a form %s is refused', async (_what, type, body) => {
  const url = await start();
  expect(await send(`${url}/forms`, body, { 'content-type': type })).toMatchObject({
    message: expect.stringContaining('not a form'),
  });
});
