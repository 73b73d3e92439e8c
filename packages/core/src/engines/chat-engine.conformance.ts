import type { ChatCompletionRequest, ChatMessage } from '@anura/openapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResourceOffer } from '../catalog/resource-offer.ts';
import type { ChatEngine, ChatEngineChunk } from './chat-engine.ts';

/** An engine under test, with a model that answers. */
export interface ChatEngineSubject {
  readonly engine: ChatEngine;
  readonly offer: ResourceOffer;
  /** Messages answered with at least 20 tokens. */
  readonly story: readonly ChatMessage[];
  /** Messages that call for `get_weather` with a `location`. */
  readonly weatherQuestion: readonly ChatMessage[];
  close(): Promise<void>;
}

const abortLimitMs = 100;

const weatherTool = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'Get the weather',
    parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
  },
};

/** What every chat engine promises. Each implementation runs this suite. */
export function describeChatEngine(name: string, create: () => Promise<ChatEngineSubject>): void {
  describe(`${name} is a chat engine`, () => {
    let subject: ChatEngineSubject;
    beforeAll(async () => {
      subject = await create();
    });
    afterAll(() => subject.close());

    const stream = (fields: Partial<ChatCompletionRequest> = {}, signal = new AbortController().signal) =>
      subject.engine.chat(
        { model: subject.offer.model, messages: [...subject.story], temperature: 0, ...fields },
        { offer: subject.offer, signal, jobOfferId: 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn' },
      );
    const answer = async (fields?: Partial<ChatCompletionRequest>) => fold(await collect(stream(fields)));

    it('ends with a finish reason and true usage', async () => {
      const { choices, usage } = await answer();
      expect(choices).toHaveLength(1);
      expect(choices[0]?.finishReason).toBe('stop');
      expect(choices[0]?.content).not.toBe('');
      expect(usage?.prompt_tokens).toBeGreaterThan(0);
      expect(usage?.completion_tokens).toBeGreaterThan(0);
      expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
    });

    it('streams the answer in several pieces', async () => {
      const chunks = await collect(stream());
      const pieces = chunks.filter((chunk) => (chunk.choices[0]?.delta.content ?? '') !== '');
      expect(pieces.length).toBeGreaterThan(2);
    });

    it('has empty choices only beside usage', async () => {
      for (const chunk of await collect(stream())) {
        expect(chunk.choices.length > 0 || (chunk.usage ?? null) !== null).toBe(true);
      }
    });

    it('says nothing after the finish reason of a choice', async () => {
      const chunks = await collect(stream());
      const last = chunks.findIndex((chunk) => chunk.choices.some((choice) => choice.finish_reason !== null));
      expect(chunks.slice(last + 1).every((chunk) => chunk.choices.length === 0)).toBe(true);
    });

    it('ignores fields it does not know', async () => {
      const unknown = { width: 512, store: true, metadata: { a: 'b' } } as Partial<ChatCompletionRequest>;
      expect((await answer(unknown)).choices[0]?.finishReason).toBe('stop');
    });

    it('answers several requests at the same time', async () => {
      const answers = await Promise.all([answer(), answer(), answer()]);
      for (const { choices } of answers) expect(choices[0]?.finishReason).toBe('stop');
    });

    it('rejects with the reason of a signal that was aborted before', async () => {
      const reason = new Error('gone');
      await expect(collect(stream({}, AbortSignal.abort(reason)))).rejects.toBe(reason);
    });

    it(`stops within ${abortLimitMs} ms when the signal aborts, and takes the next request`, async () => {
      const controller = new AbortController();
      const reason = new Error('the client left');
      const reading = readUntilFirstPiece(stream({}, controller.signal));
      const iterator = await reading;
      const start = performance.now();
      controller.abort(reason);
      await expect(drain(iterator)).rejects.toBe(reason);
      expect(performance.now() - start).toBeLessThan(abortLimitMs);
      expect((await answer()).choices[0]?.finishReason).toBe('stop');
    });

    it('stops when the reader leaves the iteration early, and takes the next request', async () => {
      for (let round = 0; round < subject.offer.slots + 1; round++) {
        for await (const _ of stream()) break;
      }
      expect((await answer()).choices[0]?.finishReason).toBe('stop');
    });

    it('stops at max_tokens with finish reason length', async () => {
      const { choices, usage } = await answer({ max_tokens: 4 });
      expect(choices[0]?.finishReason).toBe('length');
      expect(usage?.completion_tokens).toBeLessThanOrEqual(4);
    });

    it('lets max_completion_tokens win over max_tokens', async () => {
      const { usage } = await answer({ max_tokens: 50, max_completion_tokens: 3 });
      expect(usage?.completion_tokens).toBeLessThanOrEqual(3);
    });

    it('ends before a stop text and never returns it', async () => {
      const whole = (await answer()).choices[0]?.content ?? '';
      const stop = whole.slice(7, 12);
      const { choices } = await answer({ stop: [stop, 'never to be seen'] });
      expect(choices[0]?.content).toBe(whole.slice(0, whole.indexOf(stop)));
      expect(choices[0]?.finishReason).toBe('stop');
    });

    it('gives the same text for the same seed', async () => {
      const drawn = () => answer({ temperature: 1, seed: 42 });
      const [first, second] = [await drawn(), await drawn()];
      expect(second.choices[0]?.content).toBe(first.choices[0]?.content);
    });

    it('gives n choices, each with its finish reason', async () => {
      const { choices } = await answer({ n: 3, temperature: 1, seed: 1 });
      expect(choices.map((choice) => choice.finishReason)).toEqual(['stop', 'stop', 'stop']);
      expect(choices.every((choice) => choice.content !== '')).toBe(true);
    });

    it('streams a demanded call with valid arguments', async () => {
      const messages = [...subject.weatherQuestion];
      const { choices } = await answer({ messages, tools: [weatherTool], tool_choice: 'required' });
      const [call] = choices[0]?.calls ?? [];
      expect(choices[0]?.finishReason).toBe('tool_calls');
      expect(call?.id).toMatch(/./);
      expect(call?.name).toBe('get_weather');
      expect(JSON.parse(call?.arguments ?? '')).toEqual({ location: expect.any(String) });
    });

    it('calls a tool by itself when the question needs it', async () => {
      const { choices } = await answer({ messages: [...subject.weatherQuestion], tools: [weatherTool] });
      expect(choices[0]?.finishReason).toBe('tool_calls');
      expect(choices[0]?.calls[0]?.name).toBe('get_weather');
    });

    it('calls nothing with tool_choice none', async () => {
      const messages = [...subject.weatherQuestion];
      const { choices } = await answer({ messages, tools: [weatherTool], tool_choice: 'none', max_tokens: 20 });
      expect(choices[0]?.calls).toEqual([]);
    });

    it('answers in the form of a JSON schema', async () => {
      const schema = {
        type: 'object',
        properties: { title: { type: 'string', maxLength: 20 }, pages: { type: 'integer', minimum: 1, maximum: 9 } },
        required: ['title', 'pages'],
      };
      const { choices } = await answer({
        response_format: { type: 'json_schema', json_schema: { name: 'story', schema } },
      });
      const story = JSON.parse(choices[0]?.content ?? '') as { title: string; pages: number };
      expect(Object.keys(story).sort()).toEqual(['pages', 'title']);
      expect(story.pages).toBeGreaterThanOrEqual(1);
      expect(story.pages).toBeLessThanOrEqual(9);
    });

    it('lists the log probability of every token', async () => {
      const { choices, usage } = await answer({ logprobs: true, top_logprobs: 2, max_tokens: 5 });
      const logprobs = choices[0]?.logprobs ?? [];
      expect(logprobs).toHaveLength(usage?.completion_tokens ?? -1);
      for (const { logprob, top_logprobs: top } of logprobs) {
        expect(logprob).toBeLessThanOrEqual(0);
        expect(top).toHaveLength(2);
        expect(top[0]?.logprob).toBeCloseTo(logprob, 5);
      }
    });

    it('refuses a prompt longer than the context with both numbers', async () => {
      const contextLength = subject.offer.contextLength ?? 0;
      const messages: ChatMessage[] = [{ role: 'user', content: 'a long word '.repeat(contextLength) }];
      await expect(answer({ messages })).rejects.toMatchObject({
        code: 'invalid-request',
        message: expect.stringMatching(new RegExp(`${contextLength}.*\\d`)),
        data: { param: 'messages', openaiCode: 'context_length_exceeded' },
      });
    });
  });
}

async function collect(stream: AsyncIterable<ChatEngineChunk>): Promise<ChatEngineChunk[]> {
  const chunks: ChatEngineChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

async function readUntilFirstPiece(stream: AsyncIterable<ChatEngineChunk>): Promise<AsyncIterator<ChatEngineChunk>> {
  const iterator = stream[Symbol.asyncIterator]();
  for (let result = await iterator.next(); !result.done; result = await iterator.next()) {
    if ((result.value.choices[0]?.delta.content ?? '') !== '') return iterator;
  }
  throw new Error('the answer ended without a piece of text');
}

async function drain(iterator: AsyncIterator<ChatEngineChunk>): Promise<void> {
  for (let result = await iterator.next(); !result.done; result = await iterator.next());
}

interface FoldedChoice {
  content: string;
  finishReason: string | null;
  calls: { id: string; name: string; arguments: string }[];
  logprobs: { logprob: number; top_logprobs: { logprob: number }[] }[];
}

/** Kept apart from the product's own fold, so that one mistake cannot hide another. */
function fold(chunks: readonly ChatEngineChunk[]): { choices: FoldedChoice[]; usage: ChatEngineChunk['usage'] } {
  const choices: FoldedChoice[] = [];
  for (const { index, delta, finish_reason, logprobs } of chunks.flatMap((chunk) => chunk.choices)) {
    choices[index] ??= { content: '', finishReason: null, calls: [], logprobs: [] };
    const choice = choices[index];
    choice.content += delta.content ?? '';
    choice.finishReason = finish_reason ?? choice.finishReason;
    choice.logprobs.push(...(logprobs?.content ?? []));
    for (const call of delta.tool_calls ?? []) {
      choice.calls[call.index] ??= { id: call.id ?? '', name: call.function?.name ?? '', arguments: '' };
      const known = choice.calls[call.index];
      if (known !== undefined) known.arguments += call.function?.arguments ?? '';
    }
  }
  return { choices, usage: chunks.findLast((chunk) => (chunk.usage ?? null) !== null)?.usage };
}
