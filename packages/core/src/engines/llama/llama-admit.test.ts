import { expect, test } from 'vitest';
import { answer, offerOf, startTadpole, user } from './__fixtures__/tadpole.ts';

const jobOfferId = 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn';
const tooLong = { model: 'tadpole', messages: [user('the frog sat by the pond. '.repeat(400))] };

test('a loaded model refuses a prompt that does not fit before the answer begins, with both numbers', async () => {
  const provider = await startTadpole();
  const call = () => ({ offer: offerOf(provider, 'tadpole'), signal: new AbortController().signal, jobOfferId });
  await expect(provider.chat.admit?.(tooLong, call())).resolves.toBeUndefined(); // cold: it cannot tell yet
  await answer(provider, { messages: [user('Hello!')], max_tokens: 1 });

  await expect(provider.chat.admit?.(tooLong, call())).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringMatching(/1024.*\d{4}/),
    data: { openaiCode: 'context_length_exceeded', param: 'messages' },
  });
  await provider.close();
});

test('a schema that cannot be kept is refused before any model is loaded', async () => {
  const provider = await startTadpole();
  const response_format = {
    type: 'json_schema' as const,
    json_schema: { name: 'x', schema: { type: 'object', patternProperties: { '(a+)+$': {} } } },
  };
  const call = { offer: offerOf(provider, 'tadpole'), signal: new AbortController().signal, jobOfferId };
  const request = { model: 'tadpole', messages: [user('Hello!')], response_format };
  await expect(provider.chat.admit?.(request, call)).rejects.toMatchObject({ code: 'invalid-request' });
  expect(offerOf(provider, 'tadpole').state).toBe('cold');
  await provider.close();
});

test('offers are the same array until something changes', async () => {
  const provider = await startTadpole();
  const before = provider.offers();
  expect(provider.offers()).toBe(before);
  await answer(provider, { messages: [user('Hello!')], max_tokens: 1 });
  expect(provider.offers()).not.toBe(before);
  await provider.close();
});
