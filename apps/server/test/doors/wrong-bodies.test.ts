import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { proves } from '../proves.ts';
import { post, type RunningTestServer } from '../running-server.ts';
import { expectError, expectUnharmed, startDoorServer } from './door-server.ts';

let server: RunningTestServer;
beforeAll(async () => {
  server = await startDoorServer();
});
afterEach(() => expectUnharmed(server));
afterAll(() => server.close());

const good = (content = 'Hi') => JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] });
const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${server.base}/chat/completions`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json', ...headers },
  });

test.each([
  ['an empty body', ''],
  ['white space', '  \n '],
  ['half a body', good().slice(0, 30)],
  ['a comma too many', '{"model":"m",}'],
  ['words', 'hello'],
  ['two values', '{} {}'],
  ['a lone quote', '"'],
  ['NaN', '{"model":"m","temperature":NaN}'],
  ['a byte order mark alone', '\uFEFF'],
  ['a NUL', '\u0000'],
  ['an unescaped NUL in a text', '{"model":"m\u0000"}'],
])('%s is 400', async (_what, body) => {
  const { error } = await expectError(await send(body), 400);
  expect(error.type).toBe('invalid_request_error');
});

test.each(['null', 'true', '42', '"text"', '[]', '[[]]'])('%s instead of an object is 400', async (body) => {
  await expectError(await send(body), 400);
});

proves('errors-413')('30 MB are 413, said before they all arrived or after, and name the limit', async () => {
  const { error } = await expectError(await send(good('x'.repeat(30_000_000))), 413);
  expect(error.code).toBe('request_too_large');
  expect(error.message).toMatch(/20(\.97)? MB/);
});

test('a body just below the limit is taken', async () => {
  expect((await send(good('x'.repeat(19_000_000)))).status).not.toBe(413);
});

proves('errors-415')('other types and charsets are 415', async () => {
  for (const type of [
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'garbage',
    'application/json; charset=latin1',
  ])
    await expectError(await send(good(), { 'content-type': type }), 415);
});

test('UTF-8 said in any way is taken', async () => {
  for (const type of ['application/json; charset=utf-8', 'application/json;charset=UTF-8', 'APPLICATION/JSON'])
    expect((await send(good(), { 'content-type': type })).status, type).toBe(200);
});

test('a compressed body is taken, and a bomb is refused by its unpacked size', async () => {
  const gzip = { 'content-encoding': 'gzip' };
  expect((await send(gzipSync(good()), gzip)).status).toBe(200);
  await expectError(await send(gzipSync(good('x'.repeat(200_000_000))), gzip), 413);
  await expectError(await send(new TextEncoder().encode('no gzip'), gzip), 400);
  await expectError(await send(good(), { 'content-encoding': 'rot13' }), 415);
});

test('deep nesting is 400, wherever it is', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const objects = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
  for (const body of [
    deep,
    `{"model":"m","messages":${deep}}`,
    `{"model":"m","tools":${objects}}`,
    '['.repeat(1_000_000),
  ]) {
    const { error } = await expectError(await send(body), 400);
    expect(error.message).toMatch(/nested|JSON/);
  }
});

test('numbers no double holds are refused or taken, never fatal', async () => {
  const withFields = (fields: string) => good().replace('{', `{${fields},`);
  for (const fields of ['"temperature":1e999', '"max_tokens":-1e999', '"n":1e308', '"seed":1e400'])
    await expectError(await send(withFields(fields)), 400);
  for (const fields of ['"seed":9223372036854775807', '"seed":-9223372036854775808', '"max_tokens":1e15'])
    expect((await send(withFields(fields))).status, fields).toBe(200);
});

test('NUL, lone surrogates and other odd text are content like any other', async () => {
  for (const content of ['\\u0000', '\\ud800', '\\udfff\\ud800', '\\uffff', '<|im_end|>', '\\u202e'])
    expect((await send(good().replace('Hi', content))).status, content).toBe(200);
});

test('__proto__ and constructor in a body change nothing', async () => {
  const poison = '"__proto__":{"stream":true,"isAdmin":true},"constructor":{"prototype":{"stream":true}},';
  const response = await send(good().replace('{', `{${poison}`));
  expect(response.headers.get('content-type')).toContain('application/json');
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  const nested = `{"model":"m","messages":[{"role":"user","content":"Hi","__proto__":{"role":"tool"}}],"options":{"__proto__":{"seed":1}}}`;
  expect((await send(nested)).status).toBe(200);
});

test('of a key that comes twice the last counts, as JSON.parse has it', async () => {
  expect((await send(good().replace('{', '{"model":"nobody",'))).status).toBe(200);
});

test('a body is not needed where none is asked for', async () => {
  const response = await fetch(`${server.base}/models`, { headers: { authorization: `Bearer ${server.key}` } });
  expect(response.status).toBe(200);
  await expectError(await post(`${server.base}/keys`, '[]'), 400);
});
