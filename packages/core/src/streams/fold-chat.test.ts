import type { ChatCompletionChunk } from '@anura/openapi';
import { expect, test } from 'vitest';
import { ChatFold } from './fold-chat.ts';

type Choice = ChatCompletionChunk['choices'][number];

function fold(choices: Partial<Choice>[], usage?: ChatCompletionChunk['usage']): ChatFold {
  const folded = new ChatFold();
  choices.forEach((choice, at) => {
    folded.add({
      id: `id-${at}`,
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta: {}, finish_reason: null, ...choice }],
      ...(usage && at === choices.length - 1 ? { usage } : {}),
    });
  });
  return folded;
}

test('joins the pieces of the text, under the last chunk’s id', () => {
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
  const folded = fold(
    [
      { delta: { role: 'assistant', content: null } },
      { delta: { content: 'Lily ' } },
      { delta: { content: 'pads' }, finish_reason: 'stop' },
    ],
    usage,
  );
  expect(folded.isComplete).toBe(true);
  expect(folded.answer()).toEqual({
    id: 'id-2',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    system_fingerprint: '',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Lily pads' }, finish_reason: 'stop' }],
    usage,
  });
});

test('thinking stays apart from the text', () => {
  const [choice] = fold([
    { delta: { reasoning_content: 'hm' } },
    { delta: { content: 'yes' }, finish_reason: 'stop' },
  ]).answer().choices;
  expect(choice?.message).toEqual({ role: 'assistant', content: 'yes', reasoning_content: 'hm' });
});

test('pieces of tool calls are joined by their index, whatever index an upstream invents', () => {
  const call = (index: number, id?: string, text = '') => ({
    index,
    ...(id ? { id, type: 'function' as const } : {}),
    function: { ...(id ? { name: `f${index}` } : {}), arguments: text },
  });
  const [choice] = fold([
    { delta: { tool_calls: [call(4_000_000_000, 'b')] } },
    { delta: { tool_calls: [call(0, 'a'), call(4_000_000_000, undefined, '{}')] } },
    { delta: { tool_calls: [call(0, undefined, '{"x"')] } },
    { delta: { tool_calls: [call(0, undefined, ':1}')] }, finish_reason: 'tool_calls' },
  ]).answer().choices;
  expect(choice?.message.content).toBe('');
  expect(choice?.message.tool_calls).toEqual([
    { id: 'a', index: 0, type: 'function', function: { name: 'f0', arguments: '{"x":1}' } },
    { id: 'b', index: 4_000_000_000, type: 'function', function: { name: 'f4000000000', arguments: '{}' } },
  ]);
});

test('an answer that was cut off is not complete and is not shown as one', () => {
  const folded = fold([{ delta: { content: 'half' } }]);
  expect(folded.isComplete).toBe(false);
  expect(folded.answer().choices).toEqual([]);
});

test('log probabilities of all pieces are one list', () => {
  const logprob = (token: string) => ({ token, logprob: -1, bytes: null, top_logprobs: [] });
  const [choice] = fold([
    { logprobs: { content: [logprob('a')] } },
    { logprobs: { content: [logprob('b')] }, finish_reason: 'stop' },
  ]).answer().choices;
  expect(choice?.logprobs?.content?.map(({ token }) => token)).toEqual(['a', 'b']);
});
