import { setTimeout as pause } from 'node:timers/promises';
import { AnuraError, createAnura, type RetryNotice } from '@anura/client';
import { parseFaultRule, startFakeUpstream } from '@anura/fake-upstream';
import { expect, test } from 'vitest';
import { runServer, testKey } from '../running-server.ts';
import { finish, piece, scriptedProvider } from '../scripted-provider.ts';
import { configOf } from '../upstream-config.ts';
import { brokenLine } from './broken-line.ts';

const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };

/** A model of five words with a pause before each, that counts who asked and notes who was stopped. */
function fiveWords(pauseMs = 0) {
  const counts = { asked: 0, stopped: 0 };
  const provider = scriptedProvider('m', async function* (_request, { signal }) {
    counts.asked += 1;
    signal.addEventListener('abort', () => {
      counts.stopped += 1;
    });
    for (let word = 1; word <= 5; word++) {
      await pause(pauseMs, undefined, { signal });
      yield piece(`word${word} `);
    }
    yield finish;
  });
  return { provider, counts };
}

test('a stream comes word by word and folds into what the plain answer says', async () => {
  const { provider } = fiveWords();
  await using server = await runServer({ providers: [provider] });
  const anura = createAnura({ baseUrl: server.url, apiKey: testKey });
  const stream = anura.chat.stream(request);
  const pieces: string[] = [];
  for await (const text of stream.textDeltas()) pieces.push(text);
  expect(pieces).toHaveLength(5);
  const [streamed, plain] = [await stream.answer(), await anura.chat.create(request)];
  const { id: _a, created: _b, ...rest } = plain;
  expect(streamed).toMatchObject(rest);
});

test('a connection that drops inside a stream throws after what came, stops the model, and asks nobody again', async () => {
  const { provider, counts } = fiveWords(30);
  await using server = await runServer({ providers: [provider] });
  await using line = await brokenLine(server.url);
  line.cutAfter('word2');
  const stream = createAnura({ baseUrl: line.url, apiKey: testKey }).chat.stream(request);
  await expect(stream.answer()).rejects.toMatchObject({ code: 'stream_cut_off' });
  expect(stream.message.content).toBe('word1 word2 ');
  await expect.poll(() => counts.stopped).toBe(1);
  expect(counts.asked).toBe(1);
});

test('a slow stream is no silence, silence is', async () => {
  await using slow = await runServer({ providers: [fiveWords(150).provider] });
  const patient = createAnura({ baseUrl: slow.url, apiKey: testKey, timeoutMs: 600 });
  expect((await patient.chat.stream(request).answer()).choices[0]?.finish_reason).toBe('stop');
  await using silent = await runServer({ providers: [fiveWords(5_000).provider] });
  const impatient = createAnura({ baseUrl: silent.url, apiKey: testKey, timeoutMs: 200 });
  await expect(impatient.chat.stream(request).answer()).rejects.toMatchObject({ code: 'timeout' });
});

test('an answer that the upstream cut off throws what the server says about it', async () => {
  await using upstream = await startFakeUpstream({ faults: [parseFaultRule('truncate-after=6')] });
  await using server = await runServer({ configFile: configOf([upstream]) });
  const anura = createAnura({ baseUrl: server.url, apiKey: testKey });
  const stream = anura.chat.stream({ ...request, model: 'llama3.1:8b' });
  const error = await stream.answer().catch((thrown: unknown) => thrown);
  expect(AnuraError.is(error) && error.code).toBe('provider_failed');
  expect(stream.isComplete).toBe(false);
  expect(stream.message.content).not.toBe('');
});

test('over the rate limit it waits as long as the server says, and tells', async () => {
  const { provider, counts } = fiveWords();
  await using server = await runServer({ providers: [provider], flags: { 'limits.requests_per_second': 1 } });
  const notices: RetryNotice[] = [];
  const anura = createAnura({ baseUrl: server.url, apiKey: testKey, onRetry: (notice) => notices.push(notice) });
  const answers = await Promise.all([1, 2].map(() => anura.chat.create(request)));
  expect(answers).toHaveLength(2);
  expect(counts.asked).toBe(2);
  expect(notices[0]).toMatchObject({ error: { status: 429, code: 'rate_limit_exceeded' } });
  expect(notices[0]?.delayMs).toBe(notices[0]?.error.retryAfterMs);
  const hasty = createAnura({ baseUrl: server.url, apiKey: testKey, retries: 0 });
  const refused = await Promise.allSettled([1, 2, 3].map(() => hasty.chat.create(request)));
  expect(refused.filter(({ status }) => status === 'rejected')).not.toEqual([]);
});

test('leaving the loop frees the slot at once', async () => {
  const { provider, counts } = fiveWords(50);
  await using server = await runServer({ providers: [provider] });
  const anura = createAnura({ baseUrl: server.url, apiKey: testKey });
  for await (const _ of anura.chat.stream(request).textDeltas()) break;
  await expect.poll(async () => (await anura.health()).requests_running).toBe(0);
  expect(counts.stopped).toBe(1);
});
