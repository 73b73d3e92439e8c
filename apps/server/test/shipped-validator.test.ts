import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import express from 'express';
import { afterEach, expect, test, vi } from 'vitest';
import { middleware as validateAgainst } from '#express-openapi-validator';

const require = createRequire(new URL('../dist/vendor/express-openapi-validator/dist/index.js', import.meta.url));
const pathToRegexp = require('path-to-regexp') as { pathToRegexp: (path: string) => unknown };
const readManifest = (place: string) =>
  JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as { dependencies: Record<string, string> };

afterEach(() => vi.restoreAllMocks());

test('the validator that is shipped compiles the paths once, not for every request', async () => {
  const compile = vi.spyOn(pathToRegexp, 'pathToRegexp');
  await using server = await listen(withPaths('/first', '/second', '/third'));

  await server.ask('/third');
  const compiled = compile.mock.calls.length;
  await server.ask('/third');
  await server.ask('/second');

  expect(compiled).toBeGreaterThanOrEqual(3);
  expect(compile).toHaveBeenCalledTimes(compiled);
});

test('the validator that is shipped still checks a query’s reserved characters, the apostrophe aside', async () => {
  await using server = await listen(withPaths('/first'));

  expect((await server.ask("/first?name=o'hara")).status).toBe(200);
  expect((await server.ask('/first?name=a:b')).status).toBe(400);
});

test('the server depends on all that the shipped validator requires', () => {
  const { dependencies } = readManifest('../package.json');
  const required = readManifest('../dist/vendor/express-openapi-validator/package.json').dependencies;
  const libraries = Object.keys(required).filter((name) => !name.startsWith('@types/'));
  expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(libraries));
});

function withPaths(...paths: string[]): express.Express {
  const operation = {
    parameters: [{ in: 'query', name: 'name', schema: { type: 'string' } }],
    responses: { 200: { description: 'Fine.' } },
  };
  const apiSpec = {
    openapi: '3.1.0',
    info: { title: 'Paths', version: '1' },
    paths: Object.fromEntries(paths.map((path) => [path, { get: operation }])),
  };
  const app = express();
  app.use(validateAgainst({ apiSpec: apiSpec as never, validateApiSpec: false, fileUploader: false }));
  app.use((_request, response) => void response.json({}));
  app.use(((error: { status: number }, _request, response, _next) => {
    response.status(error.status).json({});
  }) satisfies express.ErrorRequestHandler);
  return app;
}

async function listen(app: express.Express) {
  const server = await new Promise<ReturnType<typeof app.listen>>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    ask: (path: string) => fetch(`http://127.0.0.1:${address.port}${path}`),
    [Symbol.asyncDispose]: () => new Promise<void>((closed) => server.close(() => closed())),
  };
}
