import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { expect } from 'vitest';
import { proves } from '../proves.ts';
import { type SDKTarget, user, weatherQuestion, weatherTool } from './sdk-target.ts';

const otherTool = {
  type: 'function' as const,
  function: { name: 'roll_dice', parameters: { type: 'object', properties: { sides: { type: 'integer' } } } },
};

/** Tool calls through the SDK. */
export function toolSuite(target: () => SDKTarget): void {
  const request = (more: object = {}) => ({
    model: target().chatModel,
    messages: weatherQuestion as ChatCompletionMessageParam[],
    tools: [weatherTool, otherTool],
    temperature: 0,
    ...more,
  });

  async function calls(more: object = {}) {
    const [choice] = (await target().client.chat.completions.create(request(more))).choices;
    return { choice, calls: (choice?.message.tool_calls ?? []).filter((call) => call.type === 'function') };
  }

  proves(
    'tools-auto',
    'tools-call-shape',
    'chat-content-string',
  )('calls the tool the question is about', async () => {
    const { choice, calls: made } = await calls({ tools: [weatherTool] });
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(choice?.message.content).toBe('');
    expect(made[0]).toMatchObject({ type: 'function', index: 0, function: { name: 'get_weather' } });
    expect(made[0]?.id).toMatch(/\S+/);
    expect(typeof JSON.parse(made[0]?.function.arguments ?? '').city).toBe('string');
  });

  proves('tools-required')('calls some tool when a call is required', async () => {
    const { choice, calls: made } = await calls({ messages: user('Hello!'), tool_choice: 'required' });
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(['get_weather', 'roll_dice']).toContain(made[0]?.function.name);
    expect(JSON.parse(made[0]?.function.arguments ?? '')).toBeTypeOf('object');
  });

  proves('tools-named')('calls the named tool', async () => {
    const { calls: made } = await calls({ tool_choice: { type: 'function', function: { name: 'roll_dice' } } });
    expect(made.map((call) => call.function.name)).toEqual(['roll_dice']);
  });

  proves('tools-none', 'tools-empty')('answers in words when calls are forbidden or there are no tools', async () => {
    for (const more of [{ tool_choice: 'none' }, { tools: [] }]) {
      const { choice } = await calls(more);
      expect(choice?.message).not.toHaveProperty('tool_calls');
      expect(choice?.finish_reason).toBe('stop');
      expect(choice?.message.content).not.toBe('');
    }
  });

  proves('chat-null-fields', 'tools-named')(
    'takes a function whose properties are null, as Go clients write it',
    async () => {
      const bare = { name: 'now', parameters: { type: 'object', properties: null, required: null } };
      const tool_choice = { type: 'function', function: { name: 'now' } };
      const { calls: made } = await calls({ tools: [{ type: 'function', function: bare }], tool_choice });
      expect(made[0]?.function.name).toBe('now');
      expect(JSON.parse(made[0]?.function.arguments ?? '')).toBeTypeOf('object');
    },
  );

  proves('tools-streamed')('streams a call as pieces that join', async () => {
    const stream = target().client.chat.completions.stream(request({ tool_choice: 'required', tools: [weatherTool] }));
    let pieces = 0;
    stream.on('tool_calls.function.arguments.delta', () => pieces++);
    const [choice] = (await stream.finalChatCompletion()).choices;
    const [call] = choice?.message.tool_calls ?? [];
    expect(pieces).toBeGreaterThan(0);
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(call).toMatchObject({ type: 'function', function: { name: 'get_weather' } });
    expect(JSON.parse(call?.type === 'function' ? call.function.arguments : '')).toHaveProperty('city');
  });

  proves('tools-loop')('goes on with what the tool said', async () => {
    const asked: string[] = [];
    const runner = target().client.chat.completions.runTools({
      model: target().chatModel,
      messages: [...weatherQuestion],
      temperature: 0,
      tools: [
        {
          type: 'function',
          function: {
            ...weatherTool.function,
            parse: JSON.parse,
            function: ({ city }: { city: string }) => {
              asked.push(city);
              return 'sunny, 21 degrees';
            },
          },
        },
      ],
    });
    const final = await runner.finalContent();
    expect(asked.length).toBeGreaterThan(0);
    expect(final).toMatch(/\S/);
  });

  proves('tools-loop')('takes a tool message without tool_call_id', async () => {
    const { choice, calls: made } = await calls({ tools: [weatherTool] });
    expect(made).toHaveLength(1);
    const messages = [...weatherQuestion, choice?.message, { role: 'tool', content: 'rain' }];
    const answer = await target().client.chat.completions.create(request({ messages, tools: [weatherTool] }));
    expect(answer.choices[0]?.message.content).not.toBe('');
  });
}
