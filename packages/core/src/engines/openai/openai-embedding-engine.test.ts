import { describe, expect, it } from 'vitest';
import { providerOverFake } from './__fixtures__/provider-over-fake.ts';
import { readEmbeddings } from './openai-embedding-engine.ts';

const unreadable = (what: string) => new Error(what);
const entry = (index: number, embedding: unknown) => ({ object: 'embedding', index, embedding });
const base64 = Buffer.from(new Float32Array([0.5, -1]).buffer).toString('base64');

describe('embeddings over an OpenAI-compatible upstream', () => {
  it('gives one vector for each input, in order, and the true count', async () => {
    await using over = await providerOverFake();
    const ask = (input: string | string[] | number[]) =>
      over.provider.embeddings.embed({ model: 'm', input }, over.call('nomic-embed-text'));
    const both = await ask(['frog', 'tax report']);
    expect(both.vectors).toEqual([(await ask('frog')).vectors[0], (await ask('tax report')).vectors[0]]);
    expect(both.promptTokens).toBe(3);
    expect((await ask([1, 2, 3])).promptTokens).toBe(3);
  });

  it('passes on the dimensions and the upstream’s refusal of too many', async () => {
    await using over = await providerOverFake();
    const ask = (dimensions: number) =>
      over.provider.embeddings.embed({ model: 'm', input: 'frog', dimensions }, over.call('nomic-embed-text'));
    expect((await ask(64)).vectors[0]).toHaveLength(64);
    await expect(ask(4096)).rejects.toMatchObject({ code: 'invalid-request', data: { param: 'dimensions' } });
  });

  it.each([
    ['bad-json', 'engine-failed'],
    ['wrong-length', 'engine-failed'],
    ['reset-after=0', 'engine-failed'],
    ['html', 'engine-failed'],
    ['hang', 'engine-timeout'],
    ['status=429', 'no-capacity'],
  ])('fails with %s so that another provider may try', async (fault, code) => {
    // Only what hangs may run into the deadline, however busy the machine.
    await using over = await providerOverFake({ deadlines: { firstTokenMs: fault === 'hang' ? 100 : 20_000 } });
    const answer = over.provider.embeddings.embed(
      { model: 'm', input: 'frog' },
      over.call(`nomic-embed-text!${fault}`),
    );
    await expect(answer).rejects.toMatchObject({ code, retry: 'elsewhere' });
  });

  it('stops when the caller leaves', async () => {
    await using over = await providerOverFake();
    const left = new AbortController();
    const answer = over.provider.embeddings.embed(
      { model: 'm', input: 'frog' },
      over.call('nomic-embed-text!hang', left.signal),
    );
    await expect.poll(() => over.upstream.activeRequests).toBe(1);
    left.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => over.upstream.activeRequests).toBe(0);
  });
});

describe('readEmbeddings', () => {
  it('sorts by index and reads base64', () => {
    const { vectors } = readEmbeddings(
      { data: [entry(1, [1, 2]), entry(0, base64)], usage: { prompt_tokens: 4 } },
      2,
      unreadable,
    );
    expect(vectors.map((vector) => [...vector])).toEqual([
      [0.5, -1],
      [1, 2],
    ]);
  });

  it.each([
    ['too few', [entry(0, [1])], 2],
    ['none', undefined, 1],
    ['an index twice', [entry(0, [1]), entry(0, [1])], 2],
    ['an index too high', [entry(5, [1])], 1],
    ['no numbers', [entry(0, ['1'])], 1],
    ['an empty vector', [entry(0, [])], 1],
    ['different lengths', [entry(0, [1]), entry(1, [1, 2])], 2],
    ['half a float', [entry(0, 'AAAA')], 1],
  ])('refuses %s', (_, data, inputs) => {
    expect(() => readEmbeddings({ data }, inputs, unreadable)).toThrow(/embedding/);
  });
});
