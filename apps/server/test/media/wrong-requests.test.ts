import type { ModelNames } from '@anura/openapi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectError } from '../doors/door-server.ts';
import { get, post, type RunningTestServer } from '../running-server.ts';
import { bodyOf, clip, frog, hello, startMediaServer } from './media-server.ts';

let server: RunningTestServer;
beforeAll(async () => {
  server = await startMediaServer();
});
afterAll(async () => {
  expect((await post(`${server.base}/image/generate`, frog)).status).toBe(200);
  await server.close();
});

const image = '/image/generate';
const audio = '/audio/create-job';
const search = { query: 'frogs', number_of_results: 3 };

/** What is wrong, where, the body, the field to be named, words the message must have. */
const mistakes: readonly [string, string, object, string, RegExp][] = [
  ['no prompt', image, { model: 'tadpole-image' }, 'prompt', /required/],
  ['an empty prompt', image, { ...frog, prompt: '' }, 'prompt', /at least 1/],
  ['a prompt of spaces', image, { ...frog, prompt: '   ' }, 'prompt', /empty/],
  ['a prompt of 1001 characters', image, { ...frog, prompt: 'x'.repeat(1001) }, 'prompt', /at most 1000/],
  ['7 pixels', image, { ...frog, width: 7, height: 7 }, 'width', /8/],
  ['9000 pixels', image, { ...frog, width: 9000, height: 9000 }, 'width', /8192/],
  ['a size the model does not draw', image, { ...frog, width: 4000 }, 'width', /from \d+ to \d+/],
  ['0 steps', image, { ...frog, steps: 0 }, 'steps', /1/],
  ['10,000 steps', image, { ...frog, steps: 10_000 }, 'steps', /150/],
  ['a seed below 0', image, { ...frog, seed: -1 }, 'seed', /0/],
  ['a seed that is a text', image, { ...frog, seed: 'lucky' }, 'seed', /whole number/],
  ['a model that talks', image, { ...frog, model: 'flite' }, 'model', /speech/],
  ['pictures at a URL', '/images/generations', { ...frog, response_format: 'url' }, 'response_format', /b64_json/],
  ['eleven pictures', '/images/generations', { ...frog, n: 11 }, 'n', /10/],
  ['a size that is none', '/images/generations', { ...frog, size: 'large' }, 'size', /./],
  ['streamed pictures', '/images/generations', { ...frog, stream: true }, 'stream', /./],
  ['a video prompt of 1001 characters', '/video/create-job', { ...clip, prompt: 'x'.repeat(1001) }, 'prompt', /1000/],
  ['a webhook that is no address', '/video/create-job', { ...clip, webhook_url: 'somewhere' }, 'webhook_url', /./],
  ['no input', audio, { ...hello, input: undefined }, 'input', /required/],
  ['an empty input', audio, { ...hello, input: '' }, 'input', /at least 1/],
  ['an input of 421 characters', audio, { ...hello, input: 'x'.repeat(421) }, 'input', /at most 420/],
  ['an unknown voice', audio, { ...hello, voice: 'kermit' }, 'voice', /heart, puck, fenrir, bella/],
  ['no voice', audio, { ...hello, voice: undefined }, 'voice', /required/],
  ['a voice the model has not', '/audio/speech', { ...hello, voice: 'kermit' }, 'voice', /heart/],
  ['an unknown format', '/audio/speech', { ...hello, response_format: 'ogg' }, 'response_format', /wav/],
  ['speech of 4097 characters', '/audio/speech', { ...hello, input: 'x'.repeat(4097) }, 'input', /4096/],
  ['no results', '/websearch', { ...search, number_of_results: 0 }, 'number_of_results', />= 1/],
  ['eleven results', '/websearch', { ...search, number_of_results: 11 }, 'number_of_results', /<= 10/],
  ['a result and a half', '/websearch', { ...search, number_of_results: 1.5 }, 'number_of_results', /whole number/],
  ['how many not said', '/websearch', { query: 'frogs' }, 'number_of_results', /required/],
  ['no query', '/websearch', { number_of_results: 3 }, 'query', /required/],
  ['a query of spaces', '/websearch', { ...search, query: '  ' }, 'query', /more than spaces/],
];

test.each(mistakes)('%s is 400', async (_what, path, body, param, message) => {
  const { error } = await expectError(await post(`${server.base}${path}`, body), 400);
  expect(error.message).toMatch(message);
  expect(error.param).toBe(param);
});

test.each([
  [image, { ...frog, model: 'sdxl-turbo' }, /tadpole-image.*aliases/],
  ['/video/create-job', { ...clip, model: 'wan2.1' }, /tadpole-video.*aliases/],
  [audio, { ...hello, model: 'kokoro' }, /flite.*aliases/],
])('%s with a model that nobody offers is 404 and says what to do', async (path, body, message) => {
  const { error } = await expectError(await post(`${server.base}${path}`, body), 404);
  expect(error).toMatchObject({ param: 'model', code: 'model_not_found' });
  expect(error.message).toMatch(message);
});

test('a form where none is taken is 415', async () => {
  const form = new FormData();
  form.set('prompt', 'a frog');
  const answer = await fetch(`${server.base}${image}`, {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${server.key}` },
  });
  await expectError(answer, 415);
});

test('a form that is cut off is 400', async () => {
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  await expectError(await post(`${server.base}/videos`, '--x\r\nContent-Disposition: form-d', { headers }), 400);
});

test('an idempotency key of 256 characters is 400', async () => {
  const headers = { 'idempotency-key': 'x'.repeat(256) };
  await expectError(await post(`${server.base}${audio}`, hello, { headers }), 400);
});

test('a video that should begin with a picture is refused by name', async () => {
  const form = new FormData();
  form.set('prompt', 'a frog');
  form.set('model', 'tadpole-video');
  form.set('input_reference', new Blob(['x']), 'frog.png');
  const headers = { authorization: `Bearer ${server.key}` };
  const answer = await fetch(`${server.base}/videos`, { method: 'POST', body: form, headers });
  expect((await expectError(answer, 400)).error.param).toBe('input_reference');
});

test('without models for it, the lists are empty', async () => {
  await using bare = await startMediaServer({ flags: { 'diffusion.enabled': false, 'speech.enabled': false } });
  for (const kind of ['image', 'video', 'audio']) {
    expect((await bodyOf<ModelNames>(get(`${bare.base}/${kind}/models`))).data.models).toEqual([]);
  }
  await expectError(await post(`${bare.base}${image}`, frog), 404);
});
