import OpenAI, { AuthenticationError, BadRequestError, NotFoundError } from 'openai';
import { expect } from 'vitest';
import { proves } from '../proves.ts';
import { testKey } from '../running-server.ts';
import { type SDKTarget, sdkFor, user } from './sdk-target.ts';

/** What the SDK throws, and the ways a client may be set up. */
export function errorSuite(target: () => SDKTarget): void {
  const ask = (more: object, client = target().client) =>
    client.chat.completions.create({ model: target().chatModel, messages: user('Hi'), max_tokens: 2, ...more });

  const thrownBy = (asking: Promise<unknown>): Promise<unknown> =>
    asking.then(
      () => undefined,
      (error: unknown) => error,
    );

  proves('errors-400', 'errors-shape')('throws BadRequestError naming the field', async () => {
    const error = await thrownBy(ask({ temperature: 9 }));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', param: 'temperature' });
    expect(String(error)).toContain('2');
  });

  proves('errors-401')('throws AuthenticationError for a key nobody made', async () => {
    const error = await thrownBy(ask({}, sdkFor(target().server, `anr_${'f'.repeat(64)}`)));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  proves('errors-404', 'models-retrieve')('throws NotFoundError for an unknown model', async () => {
    for (const asking of [() => ask({ model: 'gpt-17' }), () => target().client.models.retrieve('gpt-17')]) {
      const error = await thrownBy(asking());
      expect(error).toBeInstanceOf(NotFoundError);
      expect(error).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
    }
  });

  proves('chat-context-exceeded')('says how long a prompt may be', async () => {
    const error = await thrownBy(ask({ messages: user('word '.repeat(20_000)) }));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ code: 'context_length_exceeded', param: 'messages' });
    expect(String(error)).toMatch(/\d+.*\d+/);
  });

  proves('http-base-url-slash')('works with a base URL that ends in a slash, and below /v1', async () => {
    const { server } = target();
    for (const baseURL of [`${server.base}/`, `${server.url}/v1`, `${server.url}/v1/`]) {
      const answer = await ask({}, new OpenAI({ apiKey: testKey, baseURL, maxRetries: 0 }));
      expect(answer.object).toBe('chat.completion');
    }
  });

  proves('http-x-api-key')('takes the key in X-API-Key', async () => {
    const defaultHeaders = { Authorization: null, 'X-API-Key': testKey };
    const client = new OpenAI({ apiKey: 'unused', baseURL: target().server.base, defaultHeaders, maxRetries: 0 });
    expect((await ask({}, client)).object).toBe('chat.completion');
  });
}
