import { describe, expect, it } from 'vitest';
import { readSettings } from '../settings.ts';
import { parseErrorBody } from './error-body.ts';
import { createRedactor } from './redact.ts';
import { retryAfterMs, upstreamError } from './upstream-error.ts';

const settings = readSettings({
  name: 'work',
  baseUrl: 'http://gpu7.lan:8000/v1',
  apiKey: 'super-secret-key',
  headers: { 'x-token': 'header-secret' },
});
const redact = createRedactor(settings);

const errorFor = (status: number, text: string) =>
  upstreamError({ provider: 'work', status, body: parseErrorBody(text), redact });

describe('upstreamError', () => {
  it.each([
    ['OpenAI', '{"error":{"message":"maximum context length is 8192 tokens","code":"context_length_exceeded"}}'],
    [
      'vLLM',
      '{"object":"error","message":"This model\'s maximum context length is 4096 tokens. However, you requested 5000 tokens","code":400}',
    ],
    [
      'llama-server',
      '{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}',
    ],
    [
      'SGLang',
      '{"object":"error","message":"The input (5000 tokens) is longer than the model\'s context length (4096 tokens)."}',
    ],
    [
      'LM Studio',
      '{"error":"The number of tokens to keep from the initial prompt is greater than the context length"}',
    ],
  ])('recognises a prompt too long for %s', (_, text) => {
    expect(errorFor(400, text)).toMatchObject({
      code: 'invalid-request',
      retry: 'never',
      data: { openaiCode: 'context_length_exceeded', param: 'messages' },
    });
  });

  it.each([
    ['OpenAI', '{"error":{"message":"bad top_p","param":"top_p","code":"invalid_value"}}', 'bad top_p', 'top_p'],
    ['FastAPI', '{"detail":[{"loc":["body","top_p"],"msg":"must be below 1"}]}', 'must be below 1', 'top_p'],
    ['Ollama', '{"error":"does not support tools"}', 'does not support tools', undefined],
  ])('passes on what %s says about the caller’s mistake', (_, text, message, param) => {
    const error = errorFor(422, text);
    expect(error).toMatchObject({ code: 'invalid-request', retry: 'never', message });
    expect(error.data.param).toBe(param);
  });

  it('says that the configured key is wrong without repeating what the upstream says about it', () => {
    const { message } = errorFor(401, '{"error":{"message":"Incorrect API key provided: super-secret-key"}}');
    expect(message).not.toContain('secret');
    expect(message).toContain('key it is configured with (401)');
  });

  it('makes one sentence of a body that is no JSON', () => {
    expect(errorFor(502, '<html>Bad gateway</html>').message).toBe('Provider work failed (502).');
  });
});

describe('createRedactor', () => {
  it.each([
    ['the key', 'You sent super-secret-key.', 'You sent ***.'],
    ['a header', 'token header-secret is old', 'token *** is old'],
    ['any bearer', 'Authorization: Bearer abc.def-1', 'Authorization: ***'],
    ['what looks like a key', 'key sk-proj-abcdef123456 expired', 'key *** expired'],
    ['the address', 'gpu7.lan:8000 refused http://gpu7.lan:8000/v1/x', '*** refused ***'],
    ['other addresses', 'see https://internal.example/doc or 10.0.0.7:81', 'see *** or ***'],
  ])('takes out %s', (_, text, expected) => {
    expect(redact(text).replace(/\*\*\*\/v1\/x/, '***')).toBe(expected);
  });

  it('leaves words alone that only contain the name of the box', () => {
    const redactAi = createRedactor(readSettings({ name: 'box', baseUrl: 'http://ai:8000' }));
    expect(redactAi('Failed at ai:8000: again paid for ai')).toBe('Failed at ***: again paid for ***');
  });

  it('makes one short line', () => {
    expect(redact(`a\n\tb ${'c'.repeat(1000)}`)).toMatch(/^a b c{396}…$/);
  });
});

describe('retryAfterMs', () => {
  const now = Date.parse('2025-03-20T12:00:00Z');

  it.each([
    ['3', 3000],
    ['0.5', 500],
    ['Thu, 20 Mar 2025 12:00:10 GMT', 10_000],
    ['Thu, 20 Mar 2025 11:00:00 GMT', 0],
    ['999999', 3_600_000],
    ['soon', undefined],
    [undefined, undefined],
  ])('reads %s', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
