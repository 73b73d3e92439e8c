import { getEventListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { createAnura } from './create-anura.js';
import type { ChatCompletionChunk } from './generated/types.gen.js';
import { errorBody, json, testServer } from './test-server.js';

const request = { model: 'tadpole', messages: [{ role: 'user' as const, content: 'Hello' }] };

function chunk(content: string | null, finish_reason: 'stop' | null = null, index = 0): ChatCompletionChunk {
  const choices = [{ index, delta: { content }, finish_reason }];
  return { id: 'jobId-Qm-jobState-ResultsSubmitted', object: 'chat.completion.chunk', created: 1, model: 'm', choices };
}

function begin(response: ServerResponse, ...events: unknown[]): ServerResponse {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'Text/Event-Stream; charset=utf-8' });
  for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
  return response;
}

/** What came, and how it ended. */
async function collect(chunks: AsyncIterable<ChatCompletionChunk>): Promise<{ text: string; error?: unknown }> {
  let text = '';
  try {
    for await (const { choices } of chunks) text += choices[0]?.delta.content ?? '';
    return { text };
  } catch (error) {
    return { text, error };
  }
}

test('yields each chunk, a character split between packets whole', async () => {
  await using server = await testServer((_request, response, body) => {
    expect(JSON.parse(body)).toEqual({ ...request, stream: true });
    const bytes = Buffer.from(`data: ${JSON.stringify(chunk('лягушка', 'stop'))}\n\ndata: [DONE]\n\n`);
    const half = bytes.indexOf('я') + 1;
    begin(response, chunk(null), chunk('A ')).write(bytes.subarray(0, half));
    setTimeout(() => response.end(bytes.subarray(half)), 20);
  });
  const stream = createAnura({ baseUrl: server.url }).chat.stream(request);
  expect(await collect(stream)).toEqual({ text: 'A лягушка' });
  expect(server.requests).toEqual(['POST /api/v1/chat/completions']);
});

test('yields a chunk before the next one is made', async () => {
  let finish = () => {};
  await using server = await testServer((_request, response) => {
    begin(response, chunk('first'));
    finish = () => begin(response, chunk(null, 'stop')).end('data: [DONE]\n\n');
  });
  const stream = createAnura({ baseUrl: server.url }).chat.stream(request);
  const chunks = stream[Symbol.asyncIterator]();
  expect((await chunks.next()).value?.choices[0]?.delta.content).toBe('first');
  finish();
  expect((await chunks.next()).value?.choices[0]?.finish_reason).toBe('stop');
  expect((await chunks.next()).done).toBe(true);
});

test('a finish_reason without [DONE] is a complete answer', async () => {
  await using server = await testServer((_request, response) => begin(response, chunk('all', 'stop')).end());
  expect(await collect(createAnura({ baseUrl: server.url }).chat.stream(request))).toEqual({ text: 'all' });
});

test.each<[string, (response: ServerResponse) => void]>([
  ['ends early', (response) => begin(response, chunk('half')).end()],
  ['ends with nothing', (response) => begin(response).end()],
  ['ends one of two choices', (response) => begin(response, chunk('half', 'stop'), chunk('', null, 1)).end()],
  [
    'says that it is done without a finish_reason',
    (response) => begin(response, chunk('half')).end('data: [DONE]\n\n'),
  ],
  ['ends inside an event', (response) => begin(response, chunk('half')).end('data: {"choices":[{"index":0')],
  [
    'loses its connection',
    (response) => {
      begin(response, chunk('half'));
      setTimeout(() => response.destroy(), 20);
    },
  ],
])('a stream that %s throws, and is not asked for again', async (_name, answer) => {
  await using server = await testServer((_request, response) => answer(response));
  const { error } = await collect(createAnura({ baseUrl: server.url }).chat.stream(request));
  expect(error).toMatchObject({ name: 'AnuraError', code: 'stream_cut_off' });
  expect(server.requests).toHaveLength(1);
});

test('an error event throws the typed error after the text before it', async () => {
  await using server = await testServer((_request, response) =>
    begin(response, chunk('half'), {
      ...errorBody(502, 'provider_failed', 'It broke.'),
      data: { job_state: 'x' },
    }).end(),
  );
  const { text, error } = await collect(createAnura({ baseUrl: server.url }).chat.stream(request));
  expect(text).toBe('half');
  expect(error).toMatchObject({ message: 'It broke.', code: 'provider_failed', status: 502, data: { job_state: 'x' } });
});

test.each([
  [401, errorBody(401, 'invalid_api_key', 'The key is not known.'), 'invalid_api_key'],
  [200, chunk('not a stream'), 'not_the_api'],
])('an answer with HTTP %i that is no stream throws', async (status, body, code) => {
  await using server = await testServer((_request, response) => json(response, status, body));
  const { error } = await collect(createAnura({ baseUrl: server.url }).chat.stream(request));
  expect(error).toMatchObject({ code, status });
  expect(server.requests).toHaveLength(1);
});

test.each(['break', 'signal'] as const)('%s hangs up at once', async (how) => {
  let hungUp = (_: unknown) => {};
  const closed = new Promise((resolve) => {
    hungUp = resolve;
  });
  await using server = await testServer((_request, response) => begin(response, chunk('one')).on('close', hungUp));
  const controller = new AbortController();
  const read = async () => {
    const stream = createAnura({ baseUrl: server.url }).chat.stream(request, { signal: controller.signal });
    for await (const _ of stream) {
      if (how === 'break') break;
      controller.abort(new Error('enough'));
    }
  };
  if (how === 'break') await read();
  else await expect(read()).rejects.toThrow('enough');
  await closed;
});

test('a signal that is already aborted sends nothing', async () => {
  await using server = await testServer(() => {});
  const signal = AbortSignal.abort(new Error('too late'));
  const stream = createAnura({ baseUrl: server.url }).chat.stream(request, { signal });
  await expect(stream.answer()).rejects.toThrow('too late');
  expect(server.requests).toEqual([]);
});

test('silence between two events ends the stream, a slow reader does not', async () => {
  await using server = await testServer((_request, response) => begin(response, chunk('one'), chunk('two')));
  const chunks = createAnura({ baseUrl: server.url, timeoutMs: 60 }).chat.stream(request)[Symbol.asyncIterator]();
  await chunks.next();
  await new Promise((slow) => setTimeout(slow, 120));
  expect((await chunks.next()).value?.choices[0]?.delta.content).toBe('two');
  await expect(chunks.next()).rejects.toMatchObject({ code: 'timeout' });
});

const call = (index: number, id: string | undefined, name: string | undefined, text: string) => ({
  choices: [
    { index: 0, finish_reason: null, delta: { tool_calls: [{ index, id, function: { name, arguments: text } }] } },
  ],
});

test('the message grows with the stream, tool calls included', async () => {
  await using server = await testServer((_request, response) =>
    begin(
      response,
      chunk('Let me '),
      chunk('look.'),
      call(0, 'call_1', 'search', '{"query":'),
      call(0, undefined, undefined, '"frogs"}'),
      chunk(null, 'stop'),
    ).end('data: [DONE]\n\n'),
  );
  const stream = createAnura({ baseUrl: server.url }).chat.stream(request);
  const seen: string[] = [];
  for await (const _ of stream) {
    const { content, tool_calls = [] } = stream.message;
    seen.push([content, ...tool_calls.map((tool) => tool.function.arguments)].join(' | '));
  }
  expect(seen).toEqual([
    'Let me ',
    'Let me look.',
    'Let me look. | {"query":',
    'Let me look. | {"query":"frogs"}',
    'Let me look. | {"query":"frogs"}',
  ]);
  expect(stream.isComplete).toBe(true);
  expect((await stream.answer()).choices[0]?.message).toEqual(stream.message);
});

test('the text alone comes piece by piece', async () => {
  await using server = await testServer((_request, response) =>
    begin(
      response,
      chunk(null),
      chunk('one '),
      chunk('other', null, 1),
      chunk('two', 'stop'),
      chunk(null, 'stop', 1),
    ).end(),
  );
  const pieces: string[] = [];
  for await (const text of createAnura({ baseUrl: server.url }).chat.stream(request).textDeltas()) pieces.push(text);
  expect(pieces).toEqual(['one ', 'two']);
});

test('the whole answer can be had of a stream, but not of one that was left', async () => {
  await using server = await testServer((_request, response) => begin(response, chunk('a'), chunk('b', 'stop')).end());
  const anura = createAnura({ baseUrl: server.url });
  expect((await anura.chat.stream(request).answer()).choices[0]?.message.content).toBe('ab');
  const left = anura.chat.stream(request);
  for await (const _ of left) break;
  expect(left.isComplete).toBe(false);
  await expect(left.answer()).rejects.toMatchObject({ code: 'stream_cut_off' });
});

test('abort ends the loop without an error and hangs up', async () => {
  let hungUp = (_: unknown) => {};
  const closed = new Promise((resolve) => {
    hungUp = resolve;
  });
  await using server = await testServer((_request, response) => begin(response, chunk('so far')).on('close', hungUp));
  const stream = createAnura({ baseUrl: server.url }).chat.stream(request);
  for await (const _ of stream) stream.abort();
  await closed;
  expect(stream.message.content).toBe('so far');
  expect(stream.isComplete).toBe(false);
});

test('one of two answers is half of what was asked for, unless the server says that it is all', async () => {
  for (const last of ['', 'data: [DONE]\n\n']) {
    await using server = await testServer((_request, response) => begin(response, chunk('one', 'stop')).end(last));
    const { error } = await collect(createAnura({ baseUrl: server.url }).chat.stream({ ...request, n: 2 }));
    if (last) expect(error).toBeUndefined();
    else expect(error).toMatchObject({ code: 'stream_cut_off' });
  }
});

test.each([
  ['no JSON', 'frog'],
  ['no choices', '{"choices":null}'],
  ['a choice without a delta', '{"choices":[{"index":0}]}'],
  ['a tool call that is none', '{"choices":[{"index":0,"delta":{"tool_calls":[null]}}]}'],
])('an event with %s throws the typed error', async (_name, data) => {
  await using server = await testServer((_request, response) => begin(response).end(`data: ${data}\n\n`));
  const { error } = await collect(createAnura({ baseUrl: server.url }).chat.stream(request));
  expect(error).toMatchObject({ name: 'AnuraError', code: 'not_the_api' });
});

test.each(['chunks', 'textDeltas'] as const)('return hangs up while %s are still waited for', async (what) => {
  let hungUp = (_: unknown) => {};
  const closed = new Promise((resolve) => {
    hungUp = resolve;
  });
  await using server = await testServer((_request, response) => begin(response, chunk('one')).on('close', hungUp));
  const stream = createAnura({ baseUrl: server.url }).chat.stream(request);
  const reader = what === 'chunks' ? stream[Symbol.asyncIterator]() : stream.textDeltas();
  await reader.next();
  const waiting = reader.next();
  await reader.return?.();
  expect((await waiting).done).toBe(true);
  await closed;
});

test('a second reader at the same time is refused, instead of each having half', async () => {
  let finish = () => {};
  await using server = await testServer((_request, response) => {
    begin(response, chunk('a'));
    finish = () => begin(response, chunk('b', 'stop')).end('data: [DONE]\n\n');
  });
  const stream = createAnura({ baseUrl: server.url }).chat.stream(request);
  const answer = stream.answer();
  await expect(stream.textDeltas().next()).rejects.toThrow('one reader at a time');
  await expect.poll(() => stream.message.content).toBe('a');
  finish();
  expect((await answer).choices[0]?.message.content).toBe('ab');
});

test('abort ends the loop at once though more has come, and keeps nothing on the signal', async () => {
  await using server = await testServer((_request, response) =>
    begin(response).end(
      [chunk('a'), chunk('b'), chunk('c', 'stop')].map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''),
    ),
  );
  const { signal } = new AbortController();
  const stream = createAnura({ baseUrl: server.url }).chat.stream(request, { signal });
  const chunks = stream[Symbol.asyncIterator]();
  await chunks.next();
  stream.abort();
  await expect.poll(() => getEventListeners(signal, 'abort')).toEqual([]);
  expect((await chunks.next()).done).toBe(true);
  expect(stream.message.content).toBe('a');
});

test('a stream that failed for its loop fails for the same reason when it is asked for the whole answer', async () => {
  await using server = await testServer((_request, response) =>
    json(response, 401, errorBody(401, 'invalid_api_key', 'The key is not known.')),
  );
  const stream = createAnura({ baseUrl: server.url }).chat.stream(request);
  const { error } = await collect(stream);
  await expect(stream.answer()).rejects.toBe(error);
});
