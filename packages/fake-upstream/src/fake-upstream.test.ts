import type { ChatCompletion, ChatCompletionChunk } from '@anura/openapi';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { fakeModel } from './models.ts';

let upstream: FakeUpstream;

beforeAll(async () => {
  upstream = await startFakeUpstream();
});

afterAll(() => upstream.close());

function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(upstream.url + path, { method: 'POST', body: JSON.stringify(body), headers });
}

const ask = (content: string, extra: object = {}) => ({
  model: 'llama3.1:8b',
  messages: [{ role: 'user', content }],
  ...extra,
});

async function chat(content: string, extra: object = {}): Promise<ChatCompletion> {
  const response = await post('/v1/chat/completions', ask(content, extra));
  expect(response.status).toBe(200);
  return (await response.json()) as ChatCompletion;
}

async function streamChat(
  content: string,
  extra: object = {},
): Promise<{ chunks: ChatCompletionChunk[]; text: string }> {
  const response = await post('/v1/chat/completions', ask(content, { stream: true, ...extra }));
  const text = await response.text();
  const events = text.split('\n\n').filter((event) => event.startsWith('data: {'));
  return { chunks: events.map((event) => JSON.parse(event.slice(6))), text };
}

const firstChoice = (answer: ChatCompletion) => answer.choices[0] as ChatCompletion['choices'][number];

const weatherTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
};

describe('chat', () => {
  it('answers the same for the same seed and differently for another', async () => {
    const text = async (seed: number) => firstChoice(await chat('Tell me a story', { seed })).message.content;
    expect(await text(1)).toBe(await text(1));
    expect(await text(1)).not.toBe(await text(2));
  });

  it('streams the same text as it answers plainly, with the usage last', async () => {
    const plain = await chat('Tell me a story', { seed: 3 });
    const { chunks, text } = await streamChat('Tell me a story', { seed: 3, stream_options: { include_usage: true } });
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(
      firstChoice(plain).message.content,
    );
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: plain.usage });
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it('streams no usage unless asked', async () => {
    const { chunks } = await streamChat('Hello');
    expect(chunks.every((chunk) => !('usage' in chunk))).toBe(true);
  });

  it('stops at max_tokens and says length', async () => {
    const answer = await chat('Write 200 words', { max_tokens: 5 });
    expect(answer.usage.completion_tokens).toBe(5);
    expect(firstChoice(answer).finish_reason).toBe('length');
  });

  it('ends before a stop text', async () => {
    const answer = await chat('echo: one two STOP three', { stop: ['STOP', 'never'] });
    expect(firstChoice(answer)).toMatchObject({ message: { content: 'one two ' }, finish_reason: 'stop' });
  });

  it('gives n different answers, also interleaved in a stream', async () => {
    const answer = await chat('Tell me a story', { n: 3 });
    expect(new Set(answer.choices.map(({ message }) => message.content)).size).toBe(3);
    const { chunks } = await streamChat('Tell me a story', { n: 3 });
    const texts = [0, 1, 2].map((index) =>
      chunks
        .flatMap(({ choices }) => choices.filter((choice) => choice.index === index))
        .map(({ delta }) => delta.content ?? '')
        .join(''),
    );
    expect(texts).toEqual(answer.choices.map(({ message }) => message.content));
  });

  it('calls the tool that the question names, with arguments from the question', async () => {
    const choice = firstChoice(await chat('What is the weather in Paris?', { tools: [weatherTool] }));
    expect(choice.finish_reason).toBe('tool_calls');
    expect(choice.message.content).toBe('');
    expect(choice.message.tool_calls?.[0]?.function).toEqual({ name: 'get_weather', arguments: '{"city":"Paris"}' });
  });

  it('follows tool_choice', async () => {
    const none = firstChoice(await chat('What is the weather?', { tools: [weatherTool], tool_choice: 'none' }));
    const required = firstChoice(await chat('Tell me a story', { tools: [weatherTool], tool_choice: 'required' }));
    const auto = firstChoice(await chat('Tell me a story', { tools: [weatherTool] }));
    expect([none, required, auto].map((choice) => choice.finish_reason)).toEqual(['stop', 'tool_calls', 'stop']);
  });

  it('answers in words once the tool has spoken', async () => {
    const messages = [
      { role: 'user', content: 'What is the weather in Paris?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: '21 degrees' },
    ];
    const choice = firstChoice(await chat('', { messages, tools: [weatherTool] }));
    expect(choice.message.content).toContain('21 degrees');
  });

  it('answers JSON that fits the schema', async () => {
    const schema = {
      type: 'object',
      properties: { frogs: { type: 'integer', minimum: 2, maximum: 4 } },
      required: ['frogs'],
    };
    const answer = await chat('Report', {
      response_format: { type: 'json_schema', json_schema: { name: 'report', schema } },
    });
    expect(JSON.parse(firstChoice(answer).message.content).frogs).toBeGreaterThanOrEqual(2);
  });

  it('gives log probabilities, the chosen token first', async () => {
    const answer = await chat('echo: two frogs', { logprobs: true, top_logprobs: 3 });
    const content = firstChoice(answer).logprobs?.content ?? [];
    expect(content.map(({ token }) => token).join('')).toBe('two frogs');
    for (const { token, top_logprobs: top } of content) {
      expect(top[0]?.token).toBe(token);
      expect(top.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0)).toBeLessThanOrEqual(1);
    }
  });

  it('thinks first with a reasoning model', async () => {
    const { message } = firstChoice(await chat('Why?', { model: 'deepseek-r1:7b' }));
    expect(message.reasoning_content).toBeTruthy();
    expect(message.content).toBeTruthy();
  });

  it('sees form, size and colour of an image', async () => {
    const png = await sharp({ create: { width: 8, height: 4, channels: 3, background: { r: 230, g: 10, b: 10 } } })
      .png()
      .toBuffer();
    const content = [{ type: 'image_url', image_url: { url: `data:image/png;base64,${png.toString('base64')}` } }];
    const { message } = firstChoice(await chat('', { model: 'llava:7b', messages: [{ role: 'user', content }] }));
    expect(message.content).toContain('a png of 8 by 4 pixels, mostly red');
  });

  it.each([
    ['an unknown model', { model: 'nobody' }, 404, 'model_not_found'],
    ['a temperature out of range', { temperature: 3 }, 400, 'invalid_value'],
    ['no messages', { messages: [] }, 400, 'invalid_value'],
    [
      'a prompt beyond the context',
      { messages: [{ role: 'user', content: 'frog '.repeat(9000) }] },
      400,
      'context_length_exceeded',
    ],
    ['tools where there are none', { model: 'llava:7b', tools: [weatherTool] }, 400, 'invalid_value'],
  ])('refuses %s', async (_, extra, status, code) => {
    const response = await post('/v1/chat/completions', ask('Hello', extra));
    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: { code: string } }).error.code).toBe(code);
  });
});

describe('the other kinds of work', () => {
  it('puts similar texts nearer to each other than strangers, on the unit sphere', async () => {
    const input = ['a frog sits in the pond', 'frogs sit near the pond', 'quarterly tax report for shareholders'];
    const response = await post('/v1/embeddings', { model: 'nomic-embed-text', input });
    const { data } = (await response.json()) as { data: { embedding: number[] }[] };
    const [frog, frogs, tax] = data.map(({ embedding }) => embedding) as [number[], number[], number[]];
    const dot = (left: number[], right: number[]) =>
      left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
    expect(frog).toHaveLength(768);
    expect(dot(frog, frog)).toBeCloseTo(1);
    expect(dot(frog, frogs)).toBeGreaterThan(dot(frog, tax) + 0.3);
  });

  it('sends embeddings in base64 when asked', async () => {
    const request = { model: 'nomic-embed-text', input: 'frog', dimensions: 8 };
    const [plain, packed] = await Promise.all([
      post('/v1/embeddings', request),
      post('/v1/embeddings', { ...request, encoding_format: 'base64' }),
    ]);
    const { data: numbers } = (await plain.json()) as { data: { embedding: number[] }[] };
    const { data: texts } = (await packed.json()) as { data: { embedding: string }[] };
    const bytes = Buffer.from(texts[0]?.embedding ?? '', 'base64');
    expect(bytes.readFloatLE(4)).toBeCloseTo(numbers[0]?.embedding[1] ?? Number.NaN, 5);
  });

  it('paints real PNGs', async () => {
    const response = await post('/v1/images/generations', {
      model: 'sdxl-turbo',
      prompt: 'a frog',
      size: '64x48',
      n: 2,
    });
    const { data } = (await response.json()) as { data: { b64_json: string }[] };
    const pictures = data.map(({ b64_json: text }) => Buffer.from(text, 'base64'));
    expect(await sharp(pictures[0]).metadata()).toMatchObject({ format: 'png', width: 64, height: 48 });
    expect(pictures[0]?.equals(pictures[1] as Buffer)).toBe(false);
  });

  it('speaks real WAV', async () => {
    const response = await post('/v1/audio/speech', { model: 'kokoro', input: 'hello pond', voice: 'puck' });
    const wav = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get('content-type')).toBe('audio/wav');
    expect([wav.toString('latin1', 0, 4), wav.readUInt32LE(24), wav.readUInt32LE(40)]).toEqual([
      'RIFF',
      24_000,
      wav.length - 44,
    ]);
  });

  it('renders a video as animated WebP, which is not there before it is ready', async () => {
    await using slow = await startFakeUpstream({ renderMs: 60_000 });
    const create = (url: string) =>
      fetch(`${url}/v1/videos`, {
        method: 'POST',
        body: JSON.stringify({ model: 'wan2.1', prompt: 'a pond', size: '32x32' }),
      });
    const waiting = (await (await create(slow.url)).json()) as { id: string; status: string };
    expect(waiting.status).toBe('queued');
    expect((await fetch(`${slow.url}/v1/videos/${waiting.id}/content`)).status).toBe(404);
    const ready = (await (await create(upstream.url)).json()) as { id: string; status: string };
    const content = await fetch(`${upstream.url}/v1/videos/${ready.id}/content`);
    expect(await sharp(Buffer.from(await content.arrayBuffer())).metadata()).toMatchObject({
      format: 'webp',
      pages: 8,
      height: 32,
    });
  });

  it('lists its models as OpenAI and as Ollama do', async () => {
    const names = async (path: string) => JSON.stringify(await (await fetch(upstream.url + path)).json());
    expect(await names('/v1/models')).toContain('"id":"llama3.1:8b"');
    expect(await names('/api/tags')).toContain('"name":"nomic-embed-text:latest"');
    const shown = (await (await post('/api/show', { model: 'llava:7b' })).json()) as { capabilities: string[] };
    expect(shown.capabilities).toEqual(['completion', 'vision']);
  });
});

describe('the upstream as a whole', () => {
  it('refuses requests without the key', async () => {
    await using locked = await startFakeUpstream({ apiKey: 'secret' });
    expect((await fetch(`${locked.url}/v1/models`)).status).toBe(401);
    expect((await fetch(`${locked.url}/v1/models`, { headers: { authorization: 'Bearer secret' } })).status).toBe(200);
  });

  it('answers 429 with Retry-After when all slots are busy', async () => {
    await using small = await startFakeUpstream({ slots: 1 });
    const send = (model: string, signal?: AbortSignal) =>
      fetch(`${small.url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify(ask('Hello', { model })),
        ...(signal && { signal }),
      });
    const left = new AbortController();
    const hanging = send('llama3.1:8b!hang', left.signal).catch(() => 'left');
    await expect.poll(() => small.activeRequests).toBe(1);
    const refused = await send('llama3.1:8b');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    left.abort();
    expect(await hanging).toBe('left');
    await expect.poll(() => small.activeRequests).toBe(0);
    expect((await send('llama3.1:8b')).status).toBe(200);
    expect(small.requests.map(({ outcome }) => outcome)).toEqual(['client-left', 'answered', 'answered']);
  });

  it('offers other models when told', async () => {
    await using changing = await startFakeUpstream({ models: [fakeModel({ name: 'one' })] });
    changing.setModels([fakeModel({ name: 'two' })]);
    expect(await (await fetch(`${changing.url}/v1/models`)).text()).toContain('"id":"two"');
  });

  it('sends prepared bytes when canned', async () => {
    await using canned = await startFakeUpstream({ cannedTokens: 4 });
    const send = (stream: boolean) =>
      fetch(`${canned.url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify({ stream }) });
    expect((await (await send(true)).text()).split('data: ')).toHaveLength(8);
    expect(((await (await send(false)).json()) as ChatCompletion).usage.completion_tokens).toBe(4);
    expect(canned.requests).toHaveLength(0);
  });
});
