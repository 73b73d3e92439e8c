import { setTimeout } from 'node:timers/promises';
import { GatewayError } from '@anura/core';
import { expect, test } from 'vitest';
import { proves } from './proves.ts';
import { post, runServer } from './running-server.ts';
import { finish, piece, scriptedProvider } from './scripted-provider.ts';

const hello = { model: 'm', messages: [{ role: 'user', content: 'hello' }], stream: true };

/** The stream's text with what differs from run to run put into words. */
const golden = (text: string): string =>
  text.replaceAll(/Qm[1-9A-HJ-NP-Za-km-z]{44}/g, 'QmID').replaceAll(/"created":\d+/g, '"created":0');

const chunk = (state: string, choice: string, usage = ''): string =>
  `data: {"id":"jobId-QmID-jobState-${state}","object":"chat.completion.chunk","created":0,"model":"m","system_fingerprint":"","choices":[${choice}]${usage}}\n\n`;

const zeros = ',"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}';
const role = '{"index":0,"delta":{"role":"assistant","content":null},"finish_reason":null}';
const text = (content: string) => `{"index":0,"delta":{"content":"${content}"},"finish_reason":null}`;

test('a stream is exactly this, to the byte', async () => {
  await using server = await runServer({
    providers: [
      scriptedProvider('m', async function* () {
        yield piece('Lily');
        yield piece(' pads\\n');
        yield finish;
      }),
    ],
  });
  const response = await post(`${server.base}/chat/completions`, hello);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(golden(await response.text())).toBe(
    chunk('DealNegotiating', role, zeros) +
      chunk('DealAgreed', role, zeros) +
      chunk('ResultsSubmitted', text('Lily')) +
      chunk('ResultsSubmitted', text(' pads\\\\n')) +
      chunk(
        'ResultsSubmitted',
        '{"index":0,"delta":{},"finish_reason":"stop"}',
        ',"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}',
      ) +
      'data: [DONE]\n\n',
  );
});

proves('stream-error')('a failure after the stream began is one error event, and no [DONE]', async () => {
  await using server = await runServer({
    providers: [
      scriptedProvider('m', async function* () {
        yield piece('half');
        throw new GatewayError('engine-failed', 'The provider broke off.', { retry: 'elsewhere' });
      }),
    ],
  });
  const response = await post(`${server.base}/chat/completions`, hello);
  const events = (await response.text()).trimEnd().split('\n\n');
  expect(events.at(-1)).toBe(
    'data: {"error":{"message":"The provider broke off.","type":"server_error","param":null,"code":"provider_failed"},"message":"The provider broke off.","status":502}',
  );
  expect(events.join()).not.toContain('[DONE]');
});

proves('stream-first-chunk')('the first chunk leaves before the model says anything', async () => {
  const { promise: mayAnswer, resolve: letAnswer } = Promise.withResolvers<void>();
  await using server = await runServer({
    providers: [
      scriptedProvider('m', async function* () {
        await mayAnswer;
        yield finish;
      }),
    ],
  });
  const response = await post(`${server.base}/chat/completions`, hello);
  const reader = response.body?.getReader();
  const first = await reader?.read();
  expect(new TextDecoder().decode(first?.value)).toContain('DealNegotiating');
  letAnswer();
  while (!(await reader?.read())?.done);
});

proves('stream-only-when-asked')('Accept does not decide, only `stream` does', async () => {
  await using server = await runServer({
    providers: [
      scriptedProvider('m', async function* () {
        yield finish;
      }),
    ],
  });
  const response = await post(
    `${server.base}/chat/completions`,
    { ...hello, stream: false },
    { headers: { accept: 'text/event-stream' } },
  );
  expect(response.headers.get('content-type')).toContain('application/json');
  expect(await response.json()).toMatchObject({ object: 'chat.completion' });
});

proves('stream-abort')('a caller who hangs up stops the engine within 100 ms', async () => {
  let stoppedAt = 0;
  await using server = await runServer({
    providers: [
      scriptedProvider('m', async function* (_request, { signal }) {
        signal.addEventListener('abort', () => {
          stoppedAt = performance.now();
        });
        for (;;) {
          yield piece('word ');
          await setTimeout(5);
        }
      }),
    ],
  });
  const caller = new AbortController();
  const response = await post(`${server.base}/chat/completions`, hello, { signal: caller.signal });
  await response.body?.getReader().read();
  const leftAt = performance.now();
  caller.abort();
  await expect.poll(() => stoppedAt).toBeGreaterThan(0);
  expect(stoppedAt - leftAt).toBeLessThan(100);
});

test('a caller who does not read holds the engine back instead of filling the memory', async () => {
  let made = 0;
  await using server = await runServer({
    flags: { shutdown_grace: '0s' },
    providers: [
      scriptedProvider('m', async function* () {
        for (;;) {
          made++;
          yield piece('x'.repeat(10_000));
        }
      }),
    ],
  });
  const caller = new AbortController();
  const response = await post(`${server.base}/chat/completions`, hello, { signal: caller.signal });
  let before: number;
  do {
    before = made;
    await setTimeout(200);
  } while (made !== before);
  expect(made).toBeLessThan(2_000);
  caller.abort();
  await response.body?.cancel().catch(() => {});
});
