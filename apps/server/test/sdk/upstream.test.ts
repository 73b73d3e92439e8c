import { type FakeUpstream, startFakeUpstream } from '@anura/fake-upstream';
import { afterAll, beforeAll, describe } from 'vitest';
import { runServer } from '../running-server.ts';
import { configOf } from '../upstream-config.ts';
import { sdkSuites } from './all.suite.ts';
import { type SDKTarget, sdkFor } from './sdk-target.ts';

let upstream: FakeUpstream;
let target: SDKTarget;

beforeAll(async () => {
  upstream = await startFakeUpstream({ tokensPerSecond: 500 });
  const server = await runServer({ configFile: configOf([upstream]) });
  target = {
    server,
    client: sdkFor(server),
    chatModel: 'llama3.1:8b',
    embeddingModel: 'nomic-embed-text',
    dimensions: 768,
    counting: 'echo: 1, 2, 3, 4, 5, 6, 7',
    story: 'write 60 words',
  };
});

afterAll(async () => {
  await target?.server.close();
  await upstream?.close();
});

describe('the OpenAI SDK on an upstream', () => sdkSuites(() => target));
