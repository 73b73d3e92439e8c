import { BadRequestError } from 'openai';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { proves } from '../proves.ts';
import { runServer } from '../running-server.ts';
import { sdkSuites } from './all.suite.ts';
import { type SDKTarget, sdkFor, user } from './sdk-target.ts';

let target: SDKTarget;

beforeAll(async () => {
  const server = await runServer({ flags: { 'llama.enabled': true } });
  target = {
    server,
    client: sdkFor(server),
    chatModel: 'tadpole',
    embeddingModel: 'tadpole-embed',
    dimensions: 256,
    counting: 'Count from 1 to 10.',
    story: 'Tell me a story.',
  };
});

afterAll(() => target?.server.close());

describe('the OpenAI SDK on the bundled model', () => sdkSuites(() => target));

proves('chat-context-exceeded')('a stream whose prompt is too long is refused before it begins', async () => {
  const messages = user('word '.repeat(5000));
  const asking = target.client.chat.completions.create({ model: 'tadpole', messages, stream: true });
  await expect(asking).rejects.toThrow(BadRequestError);
});
