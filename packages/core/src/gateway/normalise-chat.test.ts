import type { ChatCompletionRequest } from '@anura/openapi';
import { expect, test } from 'vitest';
import { normaliseChat } from './normalise-chat.ts';

const hello: ChatCompletionRequest = { model: 'm', messages: [{ role: 'user', content: 'hello' }] };

test('options fill only what the top level leaves out', () => {
  const options = { temperature: 0.1, top_k: 5, num_predict: 7, stop: 'x', repeat_penalty: 1.1 };
  const normal = normaliseChat({ ...hello, temperature: 0.9, options });
  expect(normal).toMatchObject({ temperature: 0.9, top_k: 5, max_tokens: 7, stop: 'x', repeat_penalty: 1.1 });
  expect(normal).not.toHaveProperty('options');
});

test('options fill where the top level says null', () => {
  expect(normaliseChat({ ...hello, temperature: null, options: { temperature: 0.1 } }).temperature).toBe(0.1);
});

test('num_predict below 0 means no limit', () => {
  expect(normaliseChat({ ...hello, options: { num_predict: -1 } })).not.toHaveProperty('max_tokens');
});

test('max_completion_tokens wins over max_tokens, and both over num_predict', () => {
  const all = { max_tokens: 5, max_completion_tokens: 6, options: { num_predict: 7 } };
  expect(normaliseChat({ ...hello, ...all }).max_tokens).toBe(6);
  expect(normaliseChat({ ...hello, max_tokens: 5, options: { num_predict: 7 } }).max_tokens).toBe(5);
});

test('options nobody checked do not reach the top level', () => {
  const unchecked = {
    n: 1e9,
    tools: 5,
    response_format: 'x',
    stream: true,
    max_tokens: -1,
    model: 'other',
    messages: [],
  };
  expect(normaliseChat({ ...hello, options: { ...unchecked, top_k: 5 } })).toEqual({ ...hello, top_k: 5 });
});

test('a tool’s parameters lose their nulls', () => {
  const parameters = { type: 'object', properties: null, required: null };
  const tools = [{ type: 'function' as const, function: { name: 'f', parameters } }];
  expect(normaliseChat({ ...hello, tools }).tools?.[0]?.function.parameters).toEqual({ type: 'object' });
});

test('synonyms of roles become OpenAI’s', () => {
  const messages: ChatCompletionRequest['messages'] = [
    { role: 'human', content: 'a' },
    { role: 'ai', content: 'b' },
  ];
  expect(normaliseChat({ ...hello, messages }).messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
});

test('an empty list of tools is no tools, whatever the choice', () => {
  const normal = normaliseChat({ ...hello, tools: [], tool_choice: 'auto' });
  expect(normal).not.toHaveProperty('tools');
  expect(normal).not.toHaveProperty('tool_choice');
});

test('fields nobody here knows stay for upstreams that do', () => {
  expect(normaliseChat({ ...hello, store: true } as ChatCompletionRequest)).toHaveProperty('store', true);
});

test('the request given is not changed', () => {
  const request: ChatCompletionRequest = { ...hello, tools: [], options: { seed: 1 } };
  const before = structuredClone(request);
  normaliseChat(request);
  expect(request).toEqual(before);
});
