import type { ChatCompletionRequest, ContentPart } from '@anura/openapi';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { checkChat, checkImageLimit } from './check-chat.ts';

const png = async (width: number, height: number): Promise<string> => {
  const bytes = await sharp({ create: { width, height, channels: 3, background: '#0a0' } })
    .png()
    .toBuffer();
  return `data:image/png;base64,${bytes.toString('base64')}`;
};
const asking = (more: Partial<ChatCompletionRequest>): ChatCompletionRequest => ({
  model: 'm',
  messages: [{ role: 'user', content: 'hello' }],
  ...more,
});
const showing = (part: ContentPart): ChatCompletionRequest => asking({ messages: [{ role: 'user', content: [part] }] });
const weather = { type: 'function' as const, function: { name: 'get_weather' } };

function paramAtFault(request: ChatCompletionRequest): string | undefined {
  try {
    checkChat(request);
  } catch (error) {
    if (GatewayError.is(error) && error.code === 'invalid-request') return error.data.param;
    throw error;
  }
  return undefined;
}

test.each<[string, ChatCompletionRequest, string]>([
  [
    'a link to an image',
    showing({ type: 'image_url', image_url: 'https://example.com/a.png' }),
    'messages[0].content[0].image_url',
  ],
  [
    'an image of another type',
    showing({ type: 'image_url', image_url: 'data:image/gif;base64,R0lG' }),
    'messages[0].content[0].image_url',
  ],
  [
    'bytes that are no image',
    showing({ type: 'image_url', image_url: 'data:image/png;base64,AAAA' }),
    'messages[0].content[0].image_url',
  ],
  [
    'base64 that is none',
    showing({ type: 'image_url', image_url: { url: 'data:image/png;base64,%%%' } }),
    'messages[0].content[0].image_url',
  ],
  ['an image part without image', showing({ type: 'image_url' }), 'messages[0].content[0].image_url'],
  ['a text part without text', showing({ type: 'text' }), 'messages[0].content[0].text'],
  ['a user who says nothing', asking({ messages: [{ role: 'user', content: null }] }), 'messages[0].content'],
  ['two tools of one name', asking({ tools: [weather, weather] }), 'tools[1].function.name'],
  ['a call demanded without tools', asking({ tool_choice: 'required' }), 'tool_choice'],
  [
    'a tool demanded that is not there',
    asking({ tools: [weather], tool_choice: { type: 'function', function: { name: 'x' } } }),
    'tool_choice',
  ],
  ['top_logprobs without logprobs', asking({ top_logprobs: 3 }), 'top_logprobs'],
  ['a JSON schema without schema', asking({ response_format: { type: 'json_schema' } }), 'response_format.json_schema'],
])('refuses %s, naming the field', (_what, request, param) => {
  expect(paramAtFault(request)).toBe(param);
});

test('an assistant beside tool calls may say nothing', () => {
  expect(paramAtFault(asking({ messages: [{ role: 'assistant', content: null }] }))).toBeUndefined();
});

test('finds the largest image and holds it to the model’s limit', async () => {
  const part = (url: string): ContentPart => ({ type: 'image_url', image_url: { url } });
  const content = [part(await png(8, 8)), part(await png(600, 20))];
  const contents = checkChat(asking({ messages: [{ role: 'user', content }] }));
  expect(contents.largestImage).toMatchObject({ width: 600, height: 20, param: 'messages[0].content[1].image_url' });
  expect(() => checkImageLimit(contents, { width: 512, height: 512 }, 'llava:7b')).toThrow(
    /600×20 pixels; llava:7b takes at most 512×512/,
  );
  expect(() => checkImageLimit(contents, { width: 600, height: 512 }, 'llava:7b')).not.toThrow();
});
