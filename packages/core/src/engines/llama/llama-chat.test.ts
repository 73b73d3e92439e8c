import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemas } from './__fixtures__/schemas.ts';
import { answer, chat, startTadpole, user } from './__fixtures__/tadpole.ts';
import type { LlamaProvider } from './index.ts';

const longText = 'the frog sat by the pond and looked at the moon. '.repeat(45);

describe('chat on the bundled model', () => {
  let provider: LlamaProvider;
  beforeAll(async () => {
    provider = await startTadpole({ preload: ['tadpole'] });
  });
  afterAll(() => provider.close());

  describe('prompts', () => {
    it('does not evaluate the history of a conversation again', async () => {
      const question = user('My name is Peter and I live in Oslo.');
      const first = await answer(provider, { messages: [question] });
      const messages = [question, { role: 'assistant' as const, content: first.content }, user('What is my name?')];
      const second = await answer(provider, { messages });
      expect(second.content).toContain('Peter');
      const known = first.usage.total_tokens;
      expect(second.usage.prompt_tokens_details?.cached_tokens).toBeGreaterThanOrEqual(known - 1);
    });

    it('gives the same greedy text with a cold and a warm cache', async () => {
      const messages = [user('What is a violin?')];
      const cold = await answer(provider, { messages });
      const warm = await answer(provider, { messages });
      expect(cold.usage.prompt_tokens_details?.cached_tokens).toBeLessThan(cold.usage.prompt_tokens - 1);
      expect(warm.usage.prompt_tokens_details?.cached_tokens).toBe(warm.usage.prompt_tokens - 1);
      expect(warm.content).toBe(cold.content);
    });

    it('joins text parts and takes a developer as the system', async () => {
      const parts = [
        { type: 'text' as const, text: 'What is ' },
        { type: 'text' as const, text: 'your name?' },
      ];
      const system = { role: 'developer' as const, content: 'You are Bob, a grumpy baker.' };
      const { content } = await answer(provider, { messages: [system, { role: 'human', content: parts }] });
      expect(content).toContain('Bob');
    });

    it('refuses an image by name', async () => {
      const image = { type: 'image_url' as const, image_url: 'data:image/png;base64,AA==' };
      const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'What is this?' }, image] }];
      await expect(answer(provider, { messages })).rejects.toMatchObject({
        code: 'invalid-request',
        data: { param: 'messages[0].content[1]' },
      });
    });

    it('fills the context at most and says length', async () => {
      const messages = [user(longText)];
      const endless = { '4': -100, '2': -100 };
      const { finishReason, usage } = await answer(provider, { messages, logit_bias: endless, max_tokens: 100_000 });
      expect(finishReason).toBe('length');
      expect(usage.total_tokens).toBe(1024);
    });
  });

  describe('JSON', () => {
    it('parses wherever the token limit cuts it', async () => {
      const messages = [user('Extract name and age as JSON: Omar is 42 and lives in Cairo.')];
      for (let limit = 1; limit <= 13; limit++) {
        const cut = await answer(provider, { messages, response_format: { type: 'json_object' }, max_tokens: limit });
        expect(cut.finishReason).toBe('length');
        expect(JSON.parse(cut.content)).toBeTypeOf('object');
      }
    });

    it.each(Object.keys(schemas))('holds the model to %s', async (name) => {
      const schema = schemas[name] as Record<string, unknown>;
      const format = { type: 'json_schema' as const, json_schema: { name: 'test', schema } };
      const messages = [user('Tell me about Omar as JSON.')];
      const { content, finishReason } = await answer(provider, { messages, response_format: format, max_tokens: 60 });
      const document: unknown = JSON.parse(content);
      if (finishReason === 'stop') expect(new Ajv2020({ strict: false }).validate(schema, document)).toBe(true);
    });
  });

  describe('tools', () => {
    const weather = {
      type: 'function' as const,
      function: {
        name: 'get_weather',
        description: 'Get the weather',
        parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
      },
    };
    const dice = { type: 'function' as const, function: { name: 'roll_dice', description: 'Roll a die' } };
    const question = user('What is the weather in Paris?');

    it('calls and then answers from the result', async () => {
      const first = await answer(provider, { messages: [question], tools: [weather, dice] });
      expect(first.calls).toEqual([{ name: 'get_weather', arguments: '{"location": "Paris"}' }]);
      const [call] = first.chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
      const made = {
        id: call?.id ?? '',
        type: 'function' as const,
        function: first.calls[0] ?? { name: '', arguments: '' },
      };
      const second = await answer(provider, {
        messages: [
          question,
          { role: 'assistant', content: null, tool_calls: [made] },
          { role: 'tool', content: '{"temperature": 18, "condition": "sunny"}' },
        ],
        tools: [weather, dice],
      });
      expect(second).toMatchObject({ content: 'It is 18 degrees and sunny in Paris.', finishReason: 'stop' });
    });

    it('writes empty arguments as {} for a tool without parameters', async () => {
      const { calls } = await answer(provider, { messages: [user('Roll a die.')], tools: [weather, dice] });
      expect(calls).toEqual([{ name: 'roll_dice', arguments: '{}' }]);
    });

    it('talks where no tool is needed', async () => {
      const { calls, content } = await answer(provider, { messages: [user('Hello!')], tools: [weather, dice] });
      expect(calls).toEqual([]);
      expect(content).toContain('Hello');
    });

    it('makes the named call whatever was asked', async () => {
      const choice = { type: 'function' as const, function: { name: 'roll_dice' } };
      const named = await answer(provider, { messages: [question], tools: [weather, dice], tool_choice: choice });
      expect(named).toMatchObject({ calls: [{ name: 'roll_dice', arguments: '{}' }], finishReason: 'tool_calls' });
    });

    it('ends arguments that the token limit cuts so that they parse', async () => {
      for (let limit = 1; limit <= 12; limit++) {
        const cut = await answer(provider, { messages: [question], tools: [weather], max_tokens: limit });
        for (const call of cut.calls) expect(JSON.parse(call.arguments)).toBeTypeOf('object');
        expect(cut.finishReason).toMatch(/^(length|tool_calls)$/);
      }
    });

    it('refuses a choice that is not among the tools', async () => {
      const choice = { type: 'function' as const, function: { name: 'fly' } };
      const refused = answer(provider, { messages: [question], tools: [weather], tool_choice: choice });
      await expect(refused).rejects.toMatchObject({ data: { param: 'tool_choice.function.name' } });
    });
  });

  describe('sampling', () => {
    it('never shows a stop text that is spread over tokens', async () => {
      const messages = [user('Count from 1 to 10.')];
      const whole = await answer(provider, { messages });
      const { content, finishReason } = await answer(provider, { messages, stop: ' 4, 5,' });
      expect(content).toBe(whole.content.slice(0, whole.content.indexOf(' 4, 5,')));
      expect(finishReason).toBe('stop');
    });

    it('never writes a token whose bias forbids it', async () => {
      const messages = [user('Hello!')];
      const plain = await answer(provider, { messages, logprobs: true, max_tokens: 1 });
      const biased = await answer(provider, { messages, logit_bias: { '1338': -100 }, max_tokens: 1 });
      expect(plain.content).toBe('Hello');
      expect(biased.content).not.toBe('Hello');
    });

    it('repeats less under a frequency penalty', async () => {
      const messages = [user('Name three kinds of bird.')];
      const plain = await answer(provider, { messages });
      const penalized = await answer(provider, { messages, frequency_penalty: 2 });
      expect(penalized.content).not.toBe(plain.content);
    });

    it('repeats less under a repeat penalty', async () => {
      const messages = [user('Name three kinds of bird.')];
      const plain = await answer(provider, { messages });
      const penalized = await answer(provider, { messages, repeat_penalty: 5, repeat_last_n: -1 });
      expect(penalized.content).not.toBe(plain.content);
    });

    it('reports log probabilities that do not depend on the temperature', async () => {
      const fields = {
        messages: [user('What is the capital of Japan?')],
        logprobs: true,
        top_logprobs: 3,
        max_tokens: 1,
      };
      const [greedy, warm] = [await answer(provider, fields), await answer(provider, { ...fields, temperature: 1.7 })];
      const top = (given: typeof greedy) =>
        given.chunks.flatMap((chunk) => chunk.choices[0]?.logprobs?.content ?? [])[0];
      for (const [index, alternative] of (top(greedy)?.top_logprobs ?? []).entries()) {
        expect(top(warm)?.top_logprobs[index]?.token).toBe(alternative.token);
        expect(top(warm)?.top_logprobs[index]?.logprob).toBeCloseTo(alternative.logprob, 2);
      }
    });
  });

  describe('leaving', () => {
    it('stops during the evaluation of a long prompt', async () => {
      const controller = new AbortController();
      const reading = answer(provider, { messages: [user(longText)] }, controller.signal);
      const reason = new Error('the client left');
      setTimeout(() => controller.abort(reason), 5);
      const start = performance.now();
      await expect(reading).rejects.toBe(reason);
      expect(performance.now() - start).toBeLessThan(105);
    });

    it('hears return while it waits for a token', async () => {
      const iterator = chat(provider, { messages: [user(longText)] })[Symbol.asyncIterator]();
      const waiting = iterator.next();
      waiting.catch(() => undefined);
      await iterator.return?.();
      await expect(waiting).rejects.toThrow();
    });

    it('gives a waiting request its slot when another leaves', async () => {
      const controller = new AbortController();
      const endless = { messages: [user('Tell me a story.')], logit_bias: { '4': -100, '2': -100 } };
      const running = Array.from({ length: 8 }, () => answer(provider, endless, controller.signal).catch(() => 'left'));
      const waiting = answer(provider, { messages: [user('Hello!')] });
      controller.abort();
      expect((await waiting).content).toContain('Hello');
      expect(await Promise.all(running)).toEqual(Array(8).fill('left'));
    });
  });
});
