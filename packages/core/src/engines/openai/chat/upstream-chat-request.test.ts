import type { ChatCompletionRequest } from '@anura/openapi';
import { describe, expect, it } from 'vitest';
import { upstreamChatRequest } from './upstream-chat-request.ts';

const target = { provider: 'p', model: 'their-name', kind: 'openai' as const, newTokenLimitName: false };

const translate = (request: Partial<ChatCompletionRequest> & Record<string, unknown>, changes = {}) =>
  upstreamChatRequest(
    { model: 'ours', messages: [{ role: 'user', content: 'Hi' }], ...request },
    { ...target, ...changes },
  );

describe('upstreamChatRequest', () => {
  it('forwards what upstreams know and drops what only clients of Anura send', () => {
    const known = {
      temperature: 0,
      top_k: 5,
      seed: 1,
      min_p: 0.1,
      chat_template_kwargs: { enable_thinking: false },
      logit_bias: { 5: 1 },
    };
    const sent = translate({ ...known, width: 512, user: 'me', store: true, options: { num_ctx: 1 }, stream: false });
    expect(sent).toEqual({
      model: 'their-name',
      messages: [{ role: 'user', content: 'Hi' }],
      ...known,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('leaves out nulls, empty tools and the choice among them', () => {
    const sent = translate({ temperature: null, tools: [], tool_choice: 'auto', parallel_tool_calls: true });
    expect(Object.keys(sent)).toEqual(['model', 'messages', 'stream', 'stream_options']);
  });

  it('sends the token limit under the name the upstream knows', () => {
    expect(translate({ max_completion_tokens: 7, max_tokens: 9 })).toMatchObject({ max_tokens: 7 });
    expect(translate({ max_tokens: 9 }, { newTokenLimitName: true })).toMatchObject({ max_completion_tokens: 9 });
  });

  it('gives a bare image its object and keeps its detail', () => {
    const content = [
      { type: 'image_url' as const, image_url: 'data:image/png;base64,AA==' },
      { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
    ];
    expect(translate({ messages: [{ role: 'user', content }] })['messages']).toEqual([
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }, content[1]] },
    ]);
  });

  it('gives tool results without an id the ids of the calls, in order', () => {
    const call = (id: string) => ({
      id,
      index: 0,
      type: 'function' as const,
      function: { name: 'f', arguments: '{}' },
    });
    const messages: ChatCompletionRequest['messages'] = [
      { role: 'assistant', content: null, tool_calls: [call('a'), call('b')] },
      { role: 'tool', content: 'first' },
      { role: 'tool', content: 'second' },
    ];
    expect(translate({ messages })['messages']).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: ['a', 'b'].map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })),
      },
      { role: 'tool', content: 'first', tool_call_id: 'a' },
      { role: 'tool', content: 'second', tool_call_id: 'b' },
    ]);
  });

  it('turns roles the upstream does not know into those it does', () => {
    const messages: ChatCompletionRequest['messages'] = [
      { role: 'developer', content: 'Be brief.' },
      { role: 'human', content: 'Hi' },
      { role: 'ai', content: 'Hello' },
    ];
    const roles = (kind: 'openai' | 'ollama') =>
      (translate({ messages }, { kind })['messages'] as { role: string }[]).map(({ role }) => role);
    expect(roles('openai')).toEqual(['developer', 'user', 'assistant']);
    expect(roles('ollama')).toEqual(['system', 'user', 'assistant']);
  });
});
