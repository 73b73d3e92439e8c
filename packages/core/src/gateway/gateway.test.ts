import type { ChatCompletionChunk, ChatCompletionRequest } from '@anura/openapi';
import { afterEach, expect, test } from 'vitest';
import type { ResourceOffer } from '../catalog/resource-offer.ts';
import type { ChatEngine, ChatEngineChunk } from '../engines/chat-engine.ts';
import type { Provider } from '../engines/provider.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { JobLog } from '../jobs/job-log.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import { openMemoryStores } from '../stores/memory/memory-stores.ts';
import { ChatFold } from '../streams/fold-chat.ts';
import { Gateway, type GatewayOptions } from './gateway.ts';
import type { WorkSummary } from './work-record.ts';

const caller = { keyId: 'key_1', limits: {} };
const hello: ChatCompletionRequest = { model: 'm', messages: [{ role: 'user', content: 'hello' }] };
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const offer = (provider: string, more: Partial<ResourceOffer> = {}): ResourceOffer => ({
  id: `${provider}/m`,
  provider,
  engine: 'test',
  model: 'm',
  modality: 'chat',
  capabilities: [],
  slots: 1,
  state: 'loaded',
  ...more,
});

function providerOf(name: string, chat: ChatEngine['chat'], more: Partial<ResourceOffer> = {}): Provider {
  const offers = [offer(name, more)];
  return { name, engine: 'test', chat: { chat }, offers: () => offers, close: async () => {} };
}

const says = (text: string): ChatEngineChunk => ({
  choices: [{ index: 0, delta: { content: text }, finish_reason: null }],
});
const ends: ChatEngineChunk = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const counts: ChatEngineChunk = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } };
const fails = new GatewayError('engine-failed', 'The provider broke.', { retry: 'elsewhere' });

async function* answers(...pieces: (ChatEngineChunk | Error)[]): AsyncGenerator<ChatEngineChunk> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield piece;
  }
}

function setUp(...providers: Provider[]) {
  return setUpWith({}, ...providers);
}

function setUpWith(more: Partial<GatewayOptions>, ...providers: Provider[]) {
  const stores = openMemoryStores();
  const jobs = new JobLog({ store: stores.jobs, log: { info() {}, warn() {} } });
  const scheduler = new Scheduler({ offers: () => providers.flatMap((provider) => provider.offers()) });
  const settled: number[] = [];
  const ended: WorkSummary[] = [];
  const gateway = new Gateway({
    scheduler,
    providers,
    jobs,
    aliases: { nickname: 'm' },
    reserve: (_caller, tokens) => ({ tokens, settle: (used) => settled.push(used) }),
    onEnd: (summary) => ended.push(summary),
    requestTimeoutMs: 5_000,
    ...more,
  });
  const over = new AbortController();
  closers.push(
    () => over.abort(),
    () => scheduler.close(),
    () => jobs.close(),
    () => stores.close(),
  );
  return { gateway, scheduler, jobs, settled, ended, over, signal: over.signal };
}

async function collect(
  chunks: AsyncIterable<ChatCompletionChunk>,
): Promise<{ chunks: ChatCompletionChunk[]; error?: unknown }> {
  const seen: ChatCompletionChunk[] = [];
  try {
    for await (const chunk of chunks) seen.push(chunk);
    return { chunks: seen };
  } catch (error) {
    return { chunks: seen, error };
  }
}

const stateOf = (chunk: ChatCompletionChunk | undefined) => chunk?.id.split('-').at(-1);

test('the stream tells the job’s states, then the text, then one last chunk with finish reason and usage', async () => {
  const { gateway, signal, ended, settled, jobs } = setUp(
    providerOf('a', () => answers(says('hi '), says('there'), ends, counts)),
  );
  const { run } = await gateway.chat(hello, caller, signal);
  const { chunks } = await collect(run.chunks());

  expect(chunks.map(stateOf)).toEqual([
    'DealNegotiating',
    'DealAgreed',
    'ResultsSubmitted',
    'ResultsSubmitted',
    'ResultsSubmitted',
  ]);
  expect(chunks.every((chunk) => chunk.choices.length === 1)).toBe(true);
  expect(chunks.at(-1)).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: { total_tokens: 5 } });
  expect(ended).toMatchObject([{ provider: 'a', promptTokens: 3, completionTokens: 2, error: undefined }]);
  expect(settled).toEqual([5]);
  expect((await jobs.get(run.jobOfferId, 'key_1'))?.state).toBe('ResultsSubmitted');
});

test('the answer carries the name the caller used, alias or not', async () => {
  const { gateway, signal, ended } = setUp(providerOf('a', () => answers(says('hi'), ends)));
  const { run } = await gateway.chat({ ...hello, model: 'nickname' }, caller, signal);
  const { chunks } = await collect(run.chunks());
  expect(chunks.at(-1)?.model).toBe('nickname');
  expect(ended[0]?.model).toBe('m');
});

test('`:latest` means the bare name where only that is offered', async () => {
  const { gateway, signal, ended } = setUp(providerOf('a', () => answers(says('hi'), ends)));
  const { run } = await gateway.chat({ ...hello, model: 'm:latest' }, caller, signal);
  expect((await collect(run.chunks())).error).toBeUndefined();
  expect(ended[0]?.model).toBe('m');
});

test('an error before the first token goes on elsewhere and is billed once', async () => {
  const broken = providerOf(
    'a',
    () => answers({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] }, fails),
    { price: 0 },
  );
  const whole = providerOf('b', () => answers(says('hi'), ends, counts), { price: 1 });
  const { gateway, signal, ended, settled } = setUp(broken, whole);
  const { run } = await gateway.chat(hello, caller, signal);
  const { chunks, error } = await collect(run.chunks());

  expect(error).toBeUndefined();
  const fold = new ChatFold();
  for (const chunk of chunks) fold.add(chunk);
  expect(fold.answer().choices[0]?.message.content).toBe('hi');
  expect(ended).toMatchObject([{ provider: 'b', error: undefined }]);
  expect(settled).toEqual([5]);
});

test('an error after the first token ends the stream; what was delivered is charged', async () => {
  const first = providerOf('a', () => answers(says('hi'), fails));
  let secondAsked = false;
  const second = providerOf(
    'b',
    () => {
      secondAsked = true;
      return answers(says('other'), ends);
    },
    { price: 1 },
  );
  const { gateway, signal, ended, settled } = setUp(first, second);
  const { run } = await gateway.chat(hello, caller, signal);
  const { error } = await collect(run.chunks());

  expect(error).toBe(fails);
  expect(secondAsked).toBe(false);
  expect(ended).toMatchObject([{ completionTokens: 1, error: fails }]);
  expect(settled).toEqual([1]);
});

test('when nobody is left the caller hears what failed, not that nobody is left', async () => {
  const { gateway, signal, ended } = setUp(providerOf('a', () => answers(fails)));
  const { run } = await gateway.chat(hello, caller, signal);
  expect((await collect(run.chunks())).error).toBe(fails);
  expect(ended).toHaveLength(1);
});

test('an engine that ends without a finish reason has failed', async () => {
  const { gateway, signal } = setUp(providerOf('a', () => answers(says('half'))));
  const { run } = await gateway.chat(hello, caller, signal);
  expect((await collect(run.chunks())).error).toMatchObject({ code: 'engine-failed' });
});

test('a caller’s mistake that only the engine sees is not tried elsewhere', async () => {
  const mistake = new GatewayError('invalid-request', 'too long', { openaiCode: 'context_length_exceeded' });
  const { gateway, signal, scheduler } = setUp(
    providerOf('a', () => answers(mistake)),
    providerOf('b', () => answers(mistake)),
  );
  const { run } = await gateway.chat(hello, caller, signal);
  expect((await collect(run.chunks())).error).toBe(mistake);
  expect(
    scheduler
      .snapshot()
      .offers.map(({ granted }) => granted)
      .toSorted(),
  ).toEqual([0, 1]);
});

test('what the engine refuses before any work is thrown before the stream', async () => {
  const provider = providerOf('a', () => answers(says('hi'), ends));
  const admitting: Provider = {
    ...provider,
    chat: {
      chat: () => answers(),
      admit: () => {
        throw new GatewayError('invalid-request', 'too long');
      },
    },
  };
  const { gateway, signal, scheduler, ended } = setUp(admitting);
  await expect(gateway.chat(hello, caller, signal)).rejects.toMatchObject({ code: 'invalid-request' });
  expect(scheduler.snapshot().running).toBe(0);
  expect(ended).toHaveLength(1);
});

test('an unknown model is refused before the stream and its row says so', async () => {
  const { gateway, signal, ended } = setUp(providerOf('a', () => answers()));
  await expect(gateway.chat({ ...hello, model: 'nope' }, caller, signal)).rejects.toMatchObject({ code: 'not-found' });
  expect(ended).toMatchObject([{ provider: undefined, error: { code: 'not-found' } }]);
});

test('leaving the iteration early frees the slot and is recorded as a cancel', async () => {
  const endless = async function* () {
    for (;;) yield says('word ');
  };
  const { gateway, signal, scheduler, ended, jobs } = setUp(providerOf('a', endless));
  const { run } = await gateway.chat(hello, caller, signal);
  let seen = 0;
  for await (const _chunk of run.chunks()) if (++seen === 5) break;
  expect(scheduler.snapshot().running).toBe(0);
  expect(ended).toMatchObject([{ error: { code: 'cancelled' }, completionTokens: 3 }]);
  expect((await jobs.get(run.jobOfferId, 'key_1'))?.state).toBe('JobOfferCancelled');
});

test('a caller who hangs up while waiting leaves the queue', async () => {
  const stuck = async function* (_request: ChatCompletionRequest, { signal }: { signal: AbortSignal }) {
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    yield ends;
  };
  const { gateway, signal, scheduler, over } = setUp(providerOf('a', stuck));
  const first = collect((await gateway.chat(hello, caller, signal)).run.chunks());
  const second = collect((await gateway.chat(hello, caller, signal)).run.chunks());
  await expect.poll(() => scheduler.snapshot()).toMatchObject({ running: 1, waiting: 1 });
  over.abort();
  expect((await first).error).toMatchObject({ code: 'cancelled' });
  expect((await second).error).toMatchObject({ code: 'cancelled' });
  expect(scheduler.snapshot()).toMatchObject({ running: 0, waiting: 0 });
});

test('embeddings keep the order of the inputs, in the encoding asked for', async () => {
  const vectors = [Float32Array.of(1, 0), Float32Array.of(0, -0.5)];
  const offers = [offer('e', { modality: 'embedding' })];
  const provider: Provider = {
    name: 'e',
    engine: 'test',
    embeddings: { embed: async () => ({ vectors, promptTokens: 4 }) },
    offers: () => offers,
    close: async () => {},
  };
  const { gateway, signal } = setUp(provider);
  const request = { model: 'm', input: ['a', 'b'] };
  const { response } = await gateway.embed(request, caller, signal);
  expect(response.data.map(({ embedding }) => embedding)).toEqual([
    [1, 0],
    [0, -0.5],
  ]);
  expect(response.usage).toEqual({ prompt_tokens: 4, total_tokens: 4 });

  const encoded = await gateway.embed({ ...request, encoding_format: 'base64' }, caller, signal);
  const bytes = Buffer.from(String(encoded.response.data[1]?.embedding), 'base64');
  expect([bytes.readFloatLE(0), bytes.readFloatLE(4)]).toEqual([0, -0.5]);
});

test.each<[string, unknown, string]>([
  ['an empty text', '', 'input'],
  ['no texts', [], 'input'],
  ['an empty text among others', ['a', ''], 'input[1]'],
  ['a number among texts', ['a', 1], 'input[1]'],
  ['a text among tokens', [1, 'a'], 'input[0]'],
  ['a token below 0', [[1, -1]], 'input[0]'],
  ['an empty list of tokens', [[]], 'input[0]'],
  ['an object', [{}], 'input[0]'],
])('embeddings refuse %s', async (_what, input, param) => {
  const { gateway, signal } = setUp();
  await expect(gateway.embed({ model: 'm', input } as never, caller, signal)).rejects.toMatchObject({
    code: 'invalid-request',
    data: { param },
  });
});

const silent: ChatEngine['chat'] = async function* (_request, { signal }) {
  signal.throwIfAborted();
  await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  yield ends;
};

test('a late first token is hedged: the faster provider answers, the slower one is stopped and not blamed', async () => {
  const { gateway, signal, scheduler, ended } = setUpWith(
    { hedgeAfterMs: 20 },
    providerOf('slow', silent, { price: 0 }),
    providerOf('fast', () => answers(says('hi'), ends, counts), { price: 1 }),
  );
  // The budget fills with the requests: a share of one in twenty.
  for (let asked = 0; asked < 20; asked++) {
    const warmUp = new AbortController();
    const { run } = await gateway.chat({ ...hello, model: 'm' }, caller, warmUp.signal);
    warmUp.abort();
    await collect(run.chunks());
  }
  const { run } = await gateway.chat(hello, caller, signal);
  const { chunks, error } = await collect(run.chunks());
  expect(error).toBeUndefined();
  expect(chunks.some((chunk) => chunk.choices[0]?.delta.content === 'hi')).toBe(true);
  expect(ended.at(-1)).toMatchObject({ provider: 'fast', error: undefined });
  expect(scheduler.snapshot()).toMatchObject({ running: 0 });
  expect(scheduler.snapshot().offers.map(({ faults }) => faults)).toEqual([0, 0]);
});

test('without budget nobody is asked twice', async () => {
  let asked = 0;
  const second = providerOf(
    'second',
    () => {
      asked++;
      return answers(says('hi'), ends);
    },
    { price: 1 },
  );
  const { gateway, over, signal } = setUpWith({ hedgeAfterMs: 5 }, providerOf('first', silent), second);
  const { run } = await gateway.chat(hello, caller, signal);
  setTimeout(() => over.abort(), 50);
  expect((await collect(run.chunks())).error).toMatchObject({ code: 'cancelled' });
  expect(asked).toBe(0);
});
