import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { expect } from 'vitest';
import { expectToBe } from '../contract-schemas.ts';
import { proves } from '../proves.ts';
import { get, post } from '../running-server.ts';
import { type SDKTarget, user } from './sdk-target.ts';

const textOf = (chunks: readonly ChatCompletionChunk[], index = 0): string =>
  chunks
    .flatMap(({ choices }) => choices)
    .filter((choice) => choice.index === index)
    .map(({ delta }) => delta.content ?? '')
    .join('');

/** Streams through the SDK. */
export function streamSuite(target: () => SDKTarget): void {
  const request = (more: object = {}) => ({ model: target().chatModel, messages: user(target().story), ...more });
  const open = (more: object = {}) => target().client.chat.completions.create({ ...request(more), stream: true });

  async function collect(more: object = {}): Promise<ChatCompletionChunk[]> {
    const chunks: ChatCompletionChunk[] = [];
    for await (const chunk of await open(more)) chunks.push(chunk);
    return chunks;
  }

  proves('stream-first-chunk', 'stream-deltas')('streams token by token what the plain answer says', async () => {
    const plain = await target().client.chat.completions.create(request({ temperature: 0, seed: 3, max_tokens: 30 }));
    const arrivals: number[] = [];
    const chunks: ChatCompletionChunk[] = [];
    for await (const chunk of await open({ temperature: 0, seed: 3, max_tokens: 30 })) {
      if (chunk.choices[0]?.delta.content) arrivals.push(performance.now());
      chunks.push(chunk);
    }
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: null });
    expect(arrivals.length).toBeGreaterThan(5);
    expect(arrivals.at(-1)).toBeGreaterThan(arrivals[0] ?? Number.POSITIVE_INFINITY);
    expect(textOf(chunks)).toBe(plain.choices[0]?.message.content);
  });

  proves(
    'stream-chunk-schema',
    'stream-job-states',
    'stream-choices-never-empty',
  )('sends chunks of one job', async () => {
    const chunks = await collect({ max_tokens: 5 });
    for (const chunk of chunks) {
      expectToBe('ChatCompletionChunk', chunk);
      expect(chunk.choices.length).toBeGreaterThan(0);
    }
    const [negotiating, agreed, ...delivered] = chunks.map(({ id }) => id.split('-jobState-'));
    expect(negotiating?.[1]).toBe('DealNegotiating');
    expect(agreed?.[1]).toBe('DealAgreed');
    expect(new Set(delivered.map(([, state]) => state))).toEqual(new Set(['ResultsSubmitted']));
    expect(new Set(chunks.map(({ id }) => id.split('-jobState-')[0])).size).toBe(1);
    expect(new Set(chunks.map(({ model, created }) => `${model} ${created}`)).size).toBe(1);
  });

  proves('stream-finish', 'stream-usage')('ends with the finish reason and the usage, asked for or not', async () => {
    for (const stream_options of [undefined, { include_usage: false }, { include_usage: true }]) {
      const chunks = await collect({ max_tokens: 4, stream_options });
      const finished = chunks.filter(({ choices }) => choices.some(({ finish_reason }) => finish_reason !== null));
      expect(finished).toEqual([chunks.at(-1)]);
      expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('length');
      expect(chunks.at(-1)?.usage).toMatchObject({ completion_tokens: 4 });
    }
  });

  proves('stream-n')('numbers the chunks of several answers', async () => {
    const chunks = await collect({ n: 2, max_tokens: 5 });
    expect(textOf(chunks, 0)).not.toBe('');
    expect(textOf(chunks, 1)).not.toBe('');
    const reasons = chunks.flatMap(({ choices }) => choices).filter(({ finish_reason }) => finish_reason);
    expect(reasons.map(({ index }) => index).sort()).toEqual([0, 1]);
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(10);
  });

  proves('stream-logprobs')('streams log probabilities with their tokens', async () => {
    const chunks = await collect({ logprobs: true, max_tokens: 4 });
    const listed = chunks.flatMap(({ choices }) => choices.flatMap(({ logprobs }) => logprobs?.content ?? []));
    expect(listed).toHaveLength(4);
    expect(listed.map(({ token }) => token).join('')).toBe(textOf(chunks));
  });

  proves('stream-deltas', 'stream-finish')('drives the SDK’s streaming helper', async () => {
    const pieces: string[] = [];
    const stream = target().client.chat.completions.stream(request({ max_tokens: 12 }));
    stream.on('content', (piece) => pieces.push(piece));
    const final = await stream.finalChatCompletion();
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(final.choices[0]?.message.content);
    expect(await stream.totalUsage()).toMatchObject({ completion_tokens: 12 });
  });

  proves('stream-done', 'stream-data-lines-only')('sends data lines only, the last one [DONE]', async () => {
    const response = await post(`${target().server.base}/chat/completions`, request({ stream: true, max_tokens: 5 }));
    const text = await response.text();
    expect(text.endsWith('}\n\ndata: [DONE]\n\n')).toBe(true);
    for (const event of text.trimEnd().split('\n\n')) expect(event).toMatch(/^data: (\{.*\}|\[DONE\])$/);
  });

  proves('stream-abort')('stops when the caller leaves', async () => {
    const { data: stream, response } = await open({ temperature: 0, max_tokens: 400 }).withResponse();
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    stream.controller.abort();
    const job = `${target().server.base}/jobs/${response.headers.get('job-offer-id')}`;
    const stateNow = async () => ((await (await get(job)).json()) as { data: { job_state: string } }).data.job_state;
    await expect.poll(stateNow).toBe('JobOfferCancelled');
  });
}
