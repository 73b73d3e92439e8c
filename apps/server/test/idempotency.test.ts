import { ChatFold, GatewayError } from '@anura/core';
import { expect, test } from 'vitest';
import { post, runServer } from './running-server.ts';
import { finish, piece, scriptedProvider } from './scripted-provider.ts';

/** A model that says how often it was asked. */
function countingModel() {
  let asked = 0;
  const provider = scriptedProvider('m', async function* () {
    asked += 1;
    yield piece(`answer ${asked}`);
    yield finish;
  });
  return { provider, asked: () => asked };
}

const hello = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };
const headers = { 'idempotency-key': 'one' };

test('the same key and body get the stored answer, the same job included', async () => {
  const { provider, asked } = countingModel();
  await using server = await runServer({ providers: [provider] });
  const first = await post(`${server.base}/chat/completions`, hello, { headers });
  const second = await post(`${server.base}/chat/completions`, hello, { headers });
  expect(await second.json()).toEqual(await first.json());
  expect(second.headers.get('job-offer-id')).toBe(first.headers.get('job-offer-id'));
  expect([first, second].map((answer) => answer.headers.get('idempotent-replayed'))).toEqual([null, 'true']);
  expect(asked()).toBe(1);
});

test('two at the same moment are one', async () => {
  const { provider, asked } = countingModel();
  await using server = await runServer({ providers: [provider] });
  const answers = await Promise.all([1, 2, 3].map(() => post(`${server.base}/chat/completions`, hello, { headers })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(asked()).toBe(1);
});

test('another body is refused, and so is a key that is none', async () => {
  await using server = await runServer({ providers: [countingModel().provider] });
  await post(`${server.base}/chat/completions`, hello, { headers });
  const other = await post(`${server.base}/chat/completions`, { ...hello, seed: 1 }, { headers });
  expect(other.status).toBe(409);
  const bad = await post(`${server.base}/chat/completions`, hello, { headers: { 'idempotency-key': 'a b' } });
  expect(bad.status).toBe(400);
});

test('a mistake is not kept: the corrected request may use the key again', async () => {
  await using server = await runServer({ providers: [countingModel().provider] });
  const wrong = await post(`${server.base}/chat/completions`, { ...hello, model: 'nobody' }, { headers });
  expect(wrong.status).toBe(404);
  expect((await post(`${server.base}/chat/completions`, hello, { headers })).status).toBe(200);
});

const streamed = { ...hello, stream: true };

/** What a stream says in all, and how it ended. */
function readStream(text: string) {
  const fold = new ChatFold();
  const events = text.split('\n\n').filter(Boolean);
  for (const event of events.slice(0, -1)) fold.add(JSON.parse(event.slice('data: '.length)));
  return { answer: fold.answer(), last: events.at(-1) };
}

test('a complete stream is streamed again and not made anew', async () => {
  const { provider, asked } = countingModel();
  await using server = await runServer({ providers: [provider] });
  const ask = () => post(`${server.base}/chat/completions`, streamed, { headers });
  const [first, second] = [await ask(), await ask()];
  const [told, again] = [readStream(await first.text()), readStream(await second.text())];
  expect(again).toEqual(told);
  expect(again.last).toBe('data: [DONE]');
  expect(again.answer).toMatchObject({ choices: [{ message: { content: 'answer 1' } }], usage: { total_tokens: 5 } });
  expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'));
  expect(second.headers.get('job-offer-id')).toBe(first.headers.get('job-offer-id'));
  expect(asked()).toBe(1);
});

test('a plain request does not get a stream’s answer under the same key', async () => {
  await using server = await runServer({ providers: [countingModel().provider] });
  await (await post(`${server.base}/chat/completions`, streamed, { headers })).text();
  expect((await post(`${server.base}/chat/completions`, hello, { headers })).status).toBe(409);
});

test('a stream that broke off is not kept, and may be asked for again under the same key', async () => {
  let asked = 0;
  const provider = scriptedProvider('m', async function* () {
    yield piece('half');
    asked += 1;
    if (asked === 1) throw new GatewayError('engine-failed', 'The provider broke off.');
    yield finish;
  });
  await using server = await runServer({ providers: [provider] });
  const ask = async () => (await post(`${server.base}/chat/completions`, streamed, { headers })).text();
  expect(await ask()).not.toContain('[DONE]');
  expect(await ask()).toContain('[DONE]');
  expect(asked).toBe(2);
});
