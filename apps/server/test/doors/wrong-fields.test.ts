import { afterAll, beforeAll, expect, test } from 'vitest';
import { proves } from '../proves.ts';
import { post, type RunningTestServer } from '../running-server.ts';
import { expectError, expectUnharmed, startDoorServer } from './door-server.ts';

let server: RunningTestServer;
beforeAll(async () => {
  server = await startDoorServer();
});
afterAll(async () => {
  await expectUnharmed(server);
  await server.close();
});

const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
const tool = (name: string) => ({ type: 'function', function: { name } });
const tools = (count: number) => Array.from({ length: count }, (_, at) => tool(`t${at}`));
const image = (url: string) => user([{ type: 'image_url', image_url: { url } }]);

/** What is wrong, the fields to change in a good request, the field to be named, words the message must have. */
const mistakes: readonly [string, object, string, RegExp][] = [
  ['no model', { model: undefined }, 'model', /required/],
  ['a model that is a number', { model: 5 }, 'model', /string/],
  ['an empty model name', { model: '' }, 'model', /at least 1/],
  ['a model name of 10,000 letters', { model: 'x'.repeat(10_000) }, 'model', /at most 256/],
  ['no messages', { messages: undefined }, 'messages', /required/],
  ['empty messages', { messages: [] }, 'messages', /at least 1/],
  ['messages that are a text', { messages: 'hello' }, 'messages', /array/],
  ['a message that is a text', { messages: ['hello'] }, 'messages[0]', /object/],
  ['an unknown role', { messages: [{ role: 'wizard', content: 'x' }] }, 'messages[0].role', /system, developer, user/],
  ['a message without a role', { messages: [{ content: 'x' }] }, 'messages[0].role', /required/],
  ['a user message without content', { messages: [{ role: 'user' }] }, 'messages[0].content', /content/],
  ['content that is a number', user(7), 'messages[0].content', /string/],
  ['a part without a type', user([{ text: 'x' }]), 'messages[0].content[0].type', /required/],
  ['a part of an unknown type', user([{ type: 'input_audio' }]), 'messages[0].content[0].type', /text, image_url/],
  ['a temperature that is a text', { temperature: 'hot' }, 'temperature', /number/],
  ['a temperature over 2', { temperature: 2.1 }, 'temperature', /<= 2/],
  ['a temperature below 0', { temperature: -0.1 }, 'temperature', />= 0/],
  ['a top_p over 1', { top_p: 1.5 }, 'top_p', /<= 1/],
  ['max_tokens 0', { max_tokens: 0 }, 'max_tokens', />= 1/],
  ['max_tokens with a fraction', { max_tokens: 1.5 }, 'max_tokens', /whole number/],
  ['max_completion_tokens below 0', { max_completion_tokens: -4 }, 'max_completion_tokens', />= 1/],
  ['n over 8', { n: 9 }, 'n', /<= 8/],
  ['a seed that is a text', { seed: '7' }, 'seed', /whole number/],
  ['five stop texts', { stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop', /at most 4/],
  ['a stop text that is a number', { stop: [1] }, 'stop[0]', /string/],
  ['a penalty over 2', { presence_penalty: 3 }, 'presence_penalty', /<= 2/],
  ['stream that is a text', { stream: 'yes' }, 'stream', /true or false/],
  ['21 top_logprobs', { logprobs: true, top_logprobs: 21 }, 'top_logprobs', /<= 20/],
  ['top_logprobs without logprobs', { top_logprobs: 2 }, 'top_logprobs', /logprobs/],
  ['an unknown response format', { response_format: { type: 'xml' } }, 'response_format.type', /json_object/],
  [
    'a schema format without a schema',
    { response_format: { type: 'json_schema' } },
    'response_format.json_schema',
    /./,
  ],
  ['tools that are an object', { tools: {} }, 'tools', /array/],
  ['a tool without a function', { tools: [{ type: 'function' }] }, 'tools[0].function', /required/],
  ['a tool name with a space', { tools: [tool('get weather')] }, 'tools[0].function.name', /pattern/],
  ['two tools of one name', { tools: [tool('a'), tool('a')] }, 'tools[1].function.name', /differ/],
  ['an unknown tool_choice', { tools: tools(1), tool_choice: 'maybe' }, 'tool_choice', /auto, none, required/],
  ['a tool_choice without tools', { tool_choice: 'required' }, 'tool_choice', /no tools/],
  [
    'a tool_choice of another name',
    { tools: tools(1), tool_choice: { type: 'function', function: { name: 'x' } } },
    'tool_choice',
    /not among/,
  ],
  ['options with a wrong type', { options: { temperature: 'warm' } }, 'options.temperature', /number/],
];

test.each(mistakes)('%s is 400 and named', async (_what, change, param, words) => {
  const good = { model: 'm', ...user('Hi') };
  const { error } = await expectError(await post(`${server.base}/chat/completions`, { ...good, ...change }), 400);
  expect(error).toMatchObject({ type: 'invalid_request_error', param });
  expect(error.message).toMatch(words);
});

proves('tools-limit')('128 tools are taken, 129 are not', async () => {
  const ask = (count: number) =>
    post(`${server.base}/chat/completions`, { model: 'm', ...user('Hi'), tools: tools(count) });
  expect((await ask(128)).status).toBe(200);
  const { error } = await expectError(await ask(129), 400);
  expect(error.param).toBe('tools');
  expect(error.message).toContain('128');
});

proves('tools-unsupported')('tools to a model that has none are 400', async () => {
  const request = { model: 'plain', ...user('Hi'), tools: tools(1) };
  const { error } = await expectError(await post(`${server.base}/chat/completions`, request), 400);
  expect(error.param).toBe('tools');
  expect(error.message).toContain('plain');
});

proves('chat-ollama-options')(
  'what is no option of Ollama’s cannot get past the checks by standing in options',
  async () => {
    const options = { n: 1e9, tools: 5, response_format: 'x', stream: true, messages: [], model: 'nobody' };
    const answer = await post(`${server.base}/chat/completions`, { model: 'm', ...user('Hi'), options });
    expect(await answer.json()).toMatchObject({ object: 'chat.completion', choices: [{ index: 0 }] });
  },
);

/** The head of a PNG is all that is looked at before a model gets it. */
function png(width: number, height: number): string {
  const bytes = Buffer.alloc(33);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return `data:image/png;base64,${bytes.toString('base64')}`;
}

proves('chat-images-data-only')('an image must be a data URL of a PNG or JPEG', async () => {
  const wrong: [string, RegExp][] = [
    ['http://127.0.0.1:1/frog.png', /never fetched/],
    ['https://example.com/frog.png', /never fetched/],
    ['file:///etc/passwd', /data URL/],
    ['data:image/gif;base64,R0lGODlhAQABAAAAACw=', /png/],
    ['data:image/png;base64,', /base64/],
    ['data:image/png;base64,!!!!', /base64/],
    [`data:image/png;base64,${Buffer.from('not a png').toString('base64')}`, /neither a PNG nor a JPEG/],
  ];
  for (const [url, words] of wrong) {
    const { error } = await expectError(
      await post(`${server.base}/chat/completions`, { model: 'sees', ...image(url) }),
      400,
    );
    expect(error.param).toBe('messages[0].content[0].image_url');
    expect(error.message).toMatch(words);
  }
});

proves('chat-image-limit', 'chat-vision')('an image may have the size the model takes and no more', async () => {
  const ask = (model: string, url: string) => post(`${server.base}/chat/completions`, { model, ...image(url) });
  expect((await ask('sees', png(512, 512))).status).toBe(200);
  const { error } = await expectError(await ask('sees', png(513, 10)), 400);
  expect(error.message).toContain('512×512');
  const { error: blind } = await expectError(await ask('m', png(10, 10)), 400);
  expect(blind.message).toMatch(/vision/);
});

test('a request for embeddings names its mistakes too', async () => {
  const wrong: [object, string][] = [
    [{ input: 'x' }, 'model'],
    [{ model: 'm' }, 'input'],
    [{ model: 'm', input: [] }, 'input'],
    [{ model: 'm', input: '' }, 'input'],
    [{ model: 'm', input: ['a', ''] }, 'input[1]'],
    [{ model: 'm', input: ['a', 5] }, 'input[1]'],
    [{ model: 'm', input: [-1] }, 'input[0]'],
    [{ model: 'm', input: {} }, 'input'],
    [{ model: 'm', input: 'x', dimensions: 0 }, 'dimensions'],
    [{ model: 'm', input: 'x', encoding_format: 'hex' }, 'encoding_format'],
    [{ model: 'm', input: Array(2049).fill('x') }, 'input'],
    [{ model: 'm', input: 'x' }, 'model'], // m is no embedding model
  ];
  for (const [body, param] of wrong) {
    const { error } = await expectError(await post(`${server.base}/embeddings`, body), 400);
    expect(error.param, JSON.stringify(body).slice(0, 100)).toBe(param);
  }
});

test('a model name with ../ or control characters is a model nobody has', async () => {
  for (const model of ['../../etc/passwd', 'a/../../b', 'm\u0000', 'm\r\nX-Evil: 1', '__proto__', 'constructor']) {
    const { error } = await expectError(await post(`${server.base}/chat/completions`, { model, ...user('Hi') }), 404);
    expect(error).toMatchObject({ param: 'model', code: 'model_not_found' });
  }
});
