import { parseFaultRule, startFakeUpstream } from '@anura/fake-upstream';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { expectError } from './doors/door-server.ts';
import { proves } from './proves.ts';
import { get, post, type RunningTestServer, runServer } from './running-server.ts';
import { sdkFor, user } from './sdk/sdk-target.ts';
import { configOf } from './upstream-config.ts';

const hello = { model: 'llama3.1:8b', messages: user('write 20 words') };
const chat = ({ base }: RunningTestServer, more: object = {}) =>
  post(`${base}/chat/completions`, { ...hello, ...more });

async function dealOf({ base }: RunningTestServer, answer: Response): Promise<unknown> {
  const job = await get(`${base}/jobs/${answer.headers.get('job-offer-id')}`);
  return ((await job.json()) as { data: { deal?: { provider: string } } }).data.deal?.provider;
}

async function twoUpstreams(more = '') {
  const upstreams = [await startFakeUpstream(), await startFakeUpstream()] as const;
  const server = await runServer({ configFile: configOf(upstreams, more) });
  return {
    server,
    broken: upstreams[0],
    sound: upstreams[1],
    async [Symbol.asyncDispose]() {
      await server.close();
      for (const upstream of upstreams) await upstream.close();
    },
  };
}

test.each(['status=500', 'status=429', 'reset-after=0', 'truncate-after=0', 'html', 'bad-json'])(
  '%s before the first token goes on with the next provider, streamed or not',
  async (fault) => {
    await using all = await twoUpstreams();
    all.broken.setFaults([parseFaultRule(fault)]);
    for (const stream of [true, false]) {
      const answer = await chat(all.server, { stream });
      const text = await answer.text();
      expect(answer.status, text).toBe(200);
      expect(text).toContain(stream ? 'data: [DONE]\n\n' : '"finish_reason":"stop"');
      expect(await dealOf(all.server, answer)).toBe('up1');
    }
  },
);

proves('stream-error')(
  'a stream that breaks after its first token ends with an error and never with [DONE]',
  async () => {
    for (const fault of ['truncate-after=5', 'reset-after=5', 'no-finish', 'error-after=5', 'bad-json']) {
      await using upstream = await startFakeUpstream({ faults: [parseFaultRule(fault)] });
      await using server = await runServer({ configFile: configOf([upstream]) });
      const text = await (await chat(server, { stream: true })).text();
      expect(text, fault).not.toContain('[DONE]');
      expect(text.trimEnd().split('\n\n').at(-1), fault).toMatch(/^data: \{"error":\{.*\}\}?$/);
      expect(text, fault).not.toMatch(/"finish_reason":"/);
      await expectError(await chat(server), 502);
    }
  },
);

proves('stream-error')('the SDK throws for a stream that breaks', async () => {
  await using upstream = await startFakeUpstream({ faults: [parseFaultRule('truncate-after=5')] });
  await using server = await runServer({ configFile: configOf([upstream]) });
  const stream = await sdkFor(server).chat.completions.create({ ...hello, stream: true });
  const reading = async () => {
    for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk');
  };
  await expect(reading()).rejects.toThrow(OpenAI.APIError);
});

proves('errors-502')('when everyone fails the caller learns it, but no address and no key', async () => {
  await using upstream = await startFakeUpstream({
    apiKey: 'sk-upstream-secret',
    faults: [parseFaultRule('status=500')],
  });
  const config = `providers:\n  - { name: up0, url: "${upstream.url}", engine: openai, key: sk-upstream-secret }\n`;
  await using server = await runServer({ configFile: config });
  const answer = await chat(server);
  const text = await answer.clone().text();
  await expectError(answer, 502);
  expect(text).not.toContain(String(upstream.port));
  expect(text).not.toContain('127.0.0.1');
  expect(text).not.toContain('sk-upstream-secret');
});

test('a caller who hangs up ends the work at the upstream', async () => {
  await using upstream = await startFakeUpstream({ tokensPerSecond: 20 });
  await using server = await runServer({ configFile: configOf([upstream]) });
  const caller = new AbortController();
  const request = { ...hello, messages: user('write 500 words'), stream: true };
  const response = await post(`${server.base}/chat/completions`, request, { signal: caller.signal });
  await response.body?.getReader().read();
  await expect.poll(() => upstream.activeRequests).toBe(1);
  caller.abort();
  await expect.poll(() => upstream.activeRequests).toBe(0);
  expect(upstream.requests.at(-1)?.outcome).toBe('client-left');
});

test('embeddings go on with the next provider too', async () => {
  await using all = await twoUpstreams();
  all.broken.setFaults([parseFaultRule('status=500')]);
  const answer = await post(`${all.server.base}/embeddings`, { model: 'nomic-embed-text', input: 'frog' });
  expect(answer.status).toBe(200);
  expect(await dealOf(all.server, answer)).toBe('up1');
});

proves('chat-reasoning')('thinking is reasoning_content, absent where there is none', async () => {
  await using upstream = await startFakeUpstream();
  await using server = await runServer({
    configFile: configOf([upstream], 'aliases: { thinker: "deepseek-r1:7b" }\n'),
  });
  const messageOf = async (model: string) =>
    ((await (await chat(server, { model })).json()) as { choices: [{ message: object }] }).choices[0].message;
  expect(await messageOf('thinker')).toHaveProperty('reasoning_content', expect.stringMatching(/\w/));
  expect(await messageOf('llama3.1:8b')).not.toHaveProperty('reasoning_content');
  const streamed = await (await chat(server, { model: 'thinker', stream: true })).text();
  expect(streamed).toContain('"reasoning_content":"');
  expect(streamed).toContain('"model":"thinker"');
});
