import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, type ProviderOverFake, providerOverFake, textOf } from '../__fixtures__/provider-over-fake.ts';
import { createOpenAIProvider } from '../openai-provider.ts';

const weatherTool = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

describe('chat over an OpenAI-compatible upstream', () => {
  let over: ProviderOverFake;

  beforeAll(async () => {
    over = await providerOverFake({ deadlines: { firstTokenMs: 250, betweenTokensMs: 150, totalMs: 5000 } });
  });

  afterAll(() => over[Symbol.asyncDispose]());

  const withFault = (fault: string) => over.chat({ model: `llama3.1:8b!${fault}` });

  it('passes the text on and ends with finish reason and usage in one chunk', async () => {
    const chunks = await over.chat({ messages: [{ role: 'user', content: 'echo: two small frogs' }] });
    expect(textOf(chunks)).toBe('two small frogs');
    expect(chunks.slice(0, -1).every((chunk) => chunk.choices.every((choice) => choice.finish_reason === null))).toBe(
      true,
    );
    expect(chunks.at(-1)).toEqual({
      choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
      usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
    });
  });

  it('reports the length limit', async () => {
    const chunks = await over.chat({ max_tokens: 3 });
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('length');
  });

  it('passes on several answers and finishes them together', async () => {
    const chunks = await over.chat({ n: 2, messages: [{ role: 'user', content: 'Tell me a story' }] });
    expect(textOf(chunks, 0)).not.toBe(textOf(chunks, 1));
    expect(chunks.at(-1)?.choices.map(({ finish_reason: reason }) => reason)).toEqual(['stop', 'stop']);
  });

  it('passes on thinking, tool calls and log probabilities', async () => {
    const thinking = await over.chat({ model: 'deepseek-r1:7b' });
    expect(thinking.some((chunk) => chunk.choices[0]?.delta.reasoning_content)).toBe(true);
    const calling = await over.chat({
      tools: [weatherTool],
      messages: [{ role: 'user', content: 'What is the weather in Paris?' }],
    });
    const pieces = calling.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    expect(pieces[0]).toMatchObject({ index: 0, type: 'function', function: { name: 'get_weather' } });
    expect(pieces.map((piece) => piece.function?.arguments).join('')).toBe('{"city":"Paris"}');
    expect(calling.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
    const likely = await over.chat({ logprobs: true, top_logprobs: 2 });
    expect(likely[0]?.choices[0]?.logprobs?.content?.[0]?.top_logprobs).toHaveLength(2);
  });

  it('asks for a stream with usage under the upstream name, whatever the caller asked for', async () => {
    await over.chat({ stream: false, stream_options: { include_usage: false } });
    expect(over.upstream.requests.at(-1)?.body).toMatchObject({
      model: 'llama3.1:8b',
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('leaves the usage out when the upstream does not say', async () => {
    expect((await withFault('no-usage')).at(-1)).not.toHaveProperty('usage');
  });

  it.each([
    ['rough', 'CR LF, comments and bytes cut anywhere'],
    ['odd', 'empty finish reasons and other names'],
  ])('reads a %s stream: %s', async (fault) => {
    const messages = [{ role: 'user' as const, content: 'echo: Frösche 🐸 am Teich' }];
    expect(textOf(await over.chat({ model: `llama3.1:8b!${fault}`, messages }))).toBe('Frösche 🐸 am Teich');
  });

  it('gives tool calls without index and id both', async () => {
    const messages = [{ role: 'user' as const, content: 'What is the weather in Paris?' }];
    const chunks = await over.chat({ model: 'llama3.1:8b!odd', tools: [weatherTool], messages });
    const pieces = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    expect(pieces[0]?.id).toMatch(/^call_/);
    expect(new Set(pieces.map((piece) => piece.index))).toEqual(new Set([0]));
    expect(JSON.parse(pieces.map((piece) => piece.function?.arguments).join(''))).toEqual({ city: 'Paris' });
  });

  it.each([
    ['reset-after=5', 'engine-failed', 'cut the connection'],
    ['truncate-after=5', 'engine-failed', 'before the answer was complete'],
    ['truncate-after=0', 'engine-failed', 'without an answer'],
    ['no-finish', 'engine-failed', 'before the answer was complete'],
    ['no-done', 'engine-failed', 'without [DONE]'],
    ['error-after=4', 'engine-failed', 'The model crashed'],
    ['bad-json', 'engine-failed', 'JSON cannot be read'],
    ['html', 'engine-failed', 'a web page instead'],
    ['huge-line', 'engine-failed', 'event that is too large'],
    ['endless-headers', 'engine-failed', 'more headers than are accepted'],
    ['wrong-length, truncate-after=3', 'engine-failed', 'fake'],
    ['redirect=http://169.254.169.254/', 'engine-failed', 'redirect'],
    ['hang', 'engine-timeout', 'no first token within 250 ms'],
    ['hang-after=5', 'engine-timeout', 'no further token within 150 ms'],
    ['status=401', 'engine-failed', 'does not accept the key'],
    ['status=404', 'engine-failed', '404'],
    ['status=413', 'too-large', 'too large'],
    ['status=500', 'engine-failed', '500'],
    ['status=504', 'engine-timeout', '504'],
  ])('fails with %s so that another provider may try', async (fault, code, message) => {
    await expect(withFault(fault)).rejects.toMatchObject({
      code,
      retry: 'elsewhere',
      message: expect.stringContaining(message),
    });
  });

  it('never asks the place a redirect points to', async () => {
    const before = over.upstream.requests.length;
    await withFault(`redirect=${over.upstream.url}/v1/models`).catch(() => undefined);
    expect(over.upstream.requests.slice(before).map(({ path }) => path)).toEqual(['/v1/chat/completions']);
  });

  it('passes on how long a busy upstream asks to wait', async () => {
    await expect(withFault('status=429')).rejects.toMatchObject({
      code: 'no-capacity',
      retry: 'elsewhere',
      data: { retryAfterMs: 1000 },
    });
  });

  it('blames the caller for what the upstream refuses, and tries nobody else', async () => {
    const refused = over.chat({ temperature: 9 });
    await expect(refused).rejects.toMatchObject({
      code: 'invalid-request',
      retry: 'never',
      data: { param: 'temperature' },
    });
    const long = over.chat({ messages: [{ role: 'user', content: 'frog '.repeat(9000) }] });
    await expect(long).rejects.toMatchObject({
      code: 'invalid-request',
      retry: 'never',
      data: { openaiCode: 'context_length_exceeded' },
    });
  });

  it('cuts the upstream off within 100 ms when the caller leaves', async () => {
    const left = new AbortController();
    const answer = over.chat({ model: 'llama3.1:8b!hang' }, left.signal);
    await expect.poll(() => over.upstream.activeRequests).toBe(1);
    const leftAt = performance.now();
    left.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => over.upstream.activeRequests, { interval: 5 }).toBe(0);
    expect(performance.now() - leftAt).toBeLessThan(100);
  });

  it('cuts the upstream off when the iteration is left', async () => {
    const request = { model: 'm', messages: [{ role: 'user' as const, content: 'write 500 words' }] };
    for await (const chunk of over.provider.chat.chat(request, over.call('llama3.1:8b!drip=20ms'))) {
      expect(chunk.choices).toHaveLength(1);
      break;
    }
    await expect.poll(() => over.upstream.requests.at(-1)?.outcome).toBe('client-left');
  });

  it('asks nobody when the caller has left already', async () => {
    const before = over.upstream.requests.length;
    await expect(over.chat({}, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(over.upstream.requests).toHaveLength(before);
  });

  it('uses connections again after complete answers', async () => {
    await using fresh = await providerOverFake();
    for (let round = 0; round < 20; round++) await fresh.chat();
    expect(new Set(fresh.upstream.requests.map(({ clientPort }) => clientPort)).size).toBeLessThan(5);
  });

  it('lets an upstream end its answer after [DONE] instead of cutting the connection', async () => {
    const events = [{ delta: { content: 'hi' }, finish_reason: 'stop' }].map(
      (choice) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`,
    );
    const slowToEnd = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`${events.join('')}data: [DONE]\n\n`);
      setTimeout(() => response.end(), 30);
    });
    await once(slowToEnd.listen(0, '127.0.0.1'), 'listening');
    const { port } = slowToEnd.address() as AddressInfo;
    const provider = await createOpenAIProvider({ name: 'slow', baseUrl: `http://127.0.0.1:${port}`, kind: 'openai' });
    const closed = new Promise<boolean>((resolve) => {
      slowToEnd.on('request', (_, response) => response.on('close', () => resolve(response.writableFinished)));
    });
    await collect(provider.chat.chat({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] }, over.call()));
    expect(await closed).toBe(true);
    await provider.close();
    slowToEnd.close();
  });

  it('gives a slow reader all the time between tokens it wants', async () => {
    const request = { model: 'm', messages: [{ role: 'user' as const, content: 'write 3 words' }] };
    let pieces = 0;
    for await (const _ of over.provider.chat.chat(request, over.call('llama3.1:8b'))) {
      if (pieces++ === 0) await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(pieces).toBeGreaterThan(2);
  });
});

describe('an upstream with its own habits', () => {
  it('may leave out [DONE] when configured so', async () => {
    await using over = await providerOverFake({ requireDone: false });
    const chunks = await over.chat({ model: 'llama3.1:8b!no-done' });
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  });

  it('gets its own model name, key and headers', async () => {
    const options = { models: { public: 'llama3.1:8b' }, apiKey: 'upstream-key', headers: { 'X-Team': 'frogs' } };
    await using over = await providerOverFake(options, { apiKey: 'upstream-key' });
    expect(over.provider.offers().map(({ model }) => model)).toEqual(['public']);
    await over.chat({ model: 'public' });
    const seen = over.upstream.requests.at(-1);
    expect(seen?.body).toMatchObject({ model: 'llama3.1:8b' });
    expect(seen?.headers).toMatchObject({ authorization: 'Bearer upstream-key', 'x-team': 'frogs' });
  });

  it('fails by its total deadline however steadily it drips', async () => {
    await using over = await providerOverFake({ deadlines: { totalMs: 150 } });
    const dripping = over.chat({ model: 'llama3.1:8b!drip=20ms' });
    await expect(dripping).rejects.toMatchObject({
      code: 'engine-timeout',
      message: expect.stringContaining('did not finish within 150 ms'),
    });
  });

  it('is refused several answers by name when it would give one', async () => {
    await using over = await providerOverFake({ kind: 'ollama' });
    await expect(over.chat({ n: 2 })).rejects.toMatchObject({ code: 'invalid-request', data: { param: 'n' } });
  });

  it('is away: the error says so without its address', async () => {
    await using over = await providerOverFake();
    const call = over.call();
    await over.upstream.close();
    const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };
    const failure = await collect(over.provider.chat.chat(request, call)).catch((error: Error) => error);
    expect(failure).toMatchObject({
      code: 'engine-failed',
      retry: 'elsewhere',
      message: expect.stringContaining('refused the connection'),
    });
    expect((failure as Error).message).not.toContain('127.0.0.1');
  });
});
