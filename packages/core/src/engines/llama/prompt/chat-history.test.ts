import { describe, expect, it } from 'vitest';
import { toChatHistory } from './chat-history.ts';

const call = (id: string, name: string) => ({
  id,
  type: 'function' as const,
  function: { name, arguments: '{"x": 1}' },
});

describe('toChatHistory', () => {
  it('ends in the model turn to be written', () => {
    expect(toChatHistory([{ role: 'user', content: 'Hi' }])).toEqual([
      { type: 'user', text: 'Hi' },
      { type: 'model', response: [] },
    ]);
  });

  it('keeps calls, their results and the text after them in one turn', () => {
    const history = toChatHistory([
      { role: 'user', content: 'Add' },
      { role: 'assistant', content: null, tool_calls: [call('a', 'add'), call('b', 'sub')] },
      { role: 'tool', tool_call_id: 'b', content: '2' },
      { role: 'tool', content: 'four' },
      { role: 'assistant', content: 'Done.' },
      { role: 'user', content: 'Thanks' },
    ]);
    expect(history[1]).toEqual({
      type: 'model',
      response: [
        { type: 'functionCall', name: 'add', params: { x: 1 }, result: 'four' },
        { type: 'functionCall', name: 'sub', params: { x: 1 }, result: 2 },
        'Done.',
      ],
    });
    expect(history).toHaveLength(4);
  });

  it('lets the model go on in the turn whose results it has', () => {
    const history = toChatHistory([
      { role: 'assistant', tool_calls: [call('a', 'add')] },
      { role: 'tool', tool_call_id: 'a', content: '2' },
    ]);
    expect(history).toHaveLength(1);
  });

  it('tells a result nobody asked for as the words of the user', () => {
    expect(toChatHistory([{ role: 'tool', content: '2' }])[0]).toEqual({ type: 'user', text: 'Tool result: 2' });
  });

  it('refuses an unknown role by name', () => {
    const message = { role: 'wizard' as 'user', content: 'x' };
    expect(() => toChatHistory([message])).toThrowError(
      expect.objectContaining({ data: { param: 'messages[0].role' } }),
    );
  });
});
