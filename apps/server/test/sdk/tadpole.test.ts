import { afterAll, beforeAll, describe } from 'vitest';
import { runServer } from '../running-server.ts';
import { sdkSuites } from './all.suite.ts';
import { type SDKTarget, sdkFor } from './sdk-target.ts';

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
