import { fakeModel, startFakeUpstream } from '@anura/fake-upstream';
import { describe, expect, it } from 'vitest';
import { providerOverFake } from '../__fixtures__/provider-over-fake.ts';
import { createOpenAIProvider } from '../openai-provider.ts';

const soon = { discoveryIntervalMs: 25 };
const names = (provider: { offers(): readonly { model: string }[] }) => provider.offers().map(({ model }) => model);

describe('discovery', () => {
  it('finds out that an upstream is Ollama and what its models can do', async () => {
    await using over = await providerOverFake({ kind: 'auto' });
    const offers = over.provider.offers();
    expect(offers.find(({ model }) => model === 'llama3.1:8b')).toEqual({
      id: 'fake/llama3.1:8b',
      provider: 'fake',
      engine: 'openai',
      model: 'llama3.1:8b',
      modality: 'chat',
      capabilities: ['tools', 'json_schema'],
      slots: 4,
      slotGroup: 'fake',
      state: 'loaded',
      contextLength: 8192,
      sizeBytes: 4_900_000_000,
    });
    expect(offers.find(({ model }) => model === 'nomic-embed-text')).toMatchObject({
      modality: 'embedding',
      details: { dimensions: 768 },
    });
  });

  it('finds out that an upstream is none', async () => {
    await using over = await providerOverFake({ kind: 'auto' }, { ollama: false });
    expect(over.provider.offers()[0]).toMatchObject({ model: 'llama3.1:8b', slots: 8, contextLength: 8192 });
    expect(over.provider.offers()[0]).not.toHaveProperty('sizeBytes');
  });

  it('asks Ollama about each model once', async () => {
    await using over = await providerOverFake({ kind: 'ollama' });
    await over.provider.refresh();
    const shows = over.upstream.requests
      .filter(({ path }) => path === '/api/show')
      .map(({ body }) => JSON.stringify(body));
    expect(shows.length).toBeGreaterThan(0);
    expect(new Set(shows).size).toBe(shows.length);
  });

  it('keeps the same array while nothing changes and gives a fresh one when something does', async () => {
    await using over = await providerOverFake({ kind: 'ollama' });
    const before = over.provider.offers();
    await over.provider.refresh();
    expect(over.provider.offers()).toBe(before);
    over.upstream.setModels([fakeModel({ name: 'new', loaded: false })]);
    await over.provider.refresh();
    expect(over.provider.offers()).toMatchObject([{ model: 'new', state: 'cold' }]);
  });

  it('drops the models of a box that is gone and offers them again when it is back', async () => {
    const upstream = await startFakeUpstream();
    const warnings: string[] = [];
    const log = { info() {}, warn: (_: object, message: string) => void warnings.push(message) };
    const provider = await createOpenAIProvider({ name: 'box', baseUrl: upstream.url, log, ...soon });
    await upstream.close();
    await expect.poll(() => names(provider), { timeout: 5000 }).toEqual([]);
    expect(warnings).toEqual(['Provider box is gone: Provider box refused the connection: nothing listens there.']);
    await using back = await startFakeUpstream({ port: upstream.port });
    await expect.poll(() => names(provider)).toContain('llama3.1:8b');
    await provider.close();
    expect(back.requests.length).toBeGreaterThan(0);
  });

  it('looks soon after a call found nobody there, not at its next turn', async () => {
    await using over = await providerOverFake({ discoveryIntervalMs: 3_600_000 });
    await over.upstream.close();
    await over.chat().catch(() => undefined);
    await expect.poll(() => names(over.provider), { timeout: 5000 }).toEqual([]);
  });

  it('keeps its offers through one bad answer', async () => {
    await using over = await providerOverFake({ kind: 'ollama' });
    over.upstream.setModels([]);
    await over.provider.refresh();
    expect(names(over.provider)).toEqual([]);
    over.upstream.setModels([fakeModel({ name: 'one' })]);
    await over.provider.refresh();
    await over.upstream.close();
    await over.provider.refresh();
    expect(names(over.provider)).toEqual(['one']);
  });

  it('offers only what is configured, by its public name, and says what is missing', async () => {
    const warnings: string[] = [];
    const log = { info() {}, warn: (_: object, message: string) => void warnings.push(message) };
    const models = {
      small: { upstream: 'llama3.1:8b', contextLength: 2048, slots: 1, capabilities: [] },
      ghost: 'not-there',
    };
    await using over = await providerOverFake({ models, log });
    expect(over.provider.offers()).toMatchObject([{ model: 'small', contextLength: 2048, slots: 1, capabilities: [] }]);
    await over.provider.refresh();
    expect(warnings).toEqual(['Provider fake is configured with models that it does not list: ghost']);
  });

  it('begins without offers when the upstream is away', async () => {
    const provider = await createOpenAIProvider({ name: 'away', baseUrl: 'http://127.0.0.1:9', ...soon });
    expect(provider.offers()).toEqual([]);
    await provider.close();
    await provider.close();
  });
});
