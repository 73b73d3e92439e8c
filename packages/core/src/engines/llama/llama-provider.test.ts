import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryBudget } from '../memory-budget.ts';
import { answer, chat, offerOf, startTadpole, tadpoleEmbedPath, tadpolePath, user } from './__fixtures__/tadpole.ts';
import { createLlamaProvider, type LlamaProvider, type LlamaProviderOptions, sidecarPath } from './index.ts';

describe('createLlamaProvider', () => {
  let folder: string;
  const open: LlamaProvider[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'anura-llama-'));
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((provider) => provider.close()));
    await rm(folder, { recursive: true });
  });

  const start = async (options: LlamaProviderOptions = {}) => {
    const provider = await startTadpole({ modelsDirs: [folder], ...options });
    open.push(provider);
    return provider;
  };
  const names = (provider: LlamaProvider) => provider.offers().map((offer) => offer.model);

  it('offers cold models without loading the native library', async () => {
    const provider = await start();
    expect(offerOf(provider, 'tadpole')).toMatchObject({
      id: 'local/tadpole',
      engine: 'llama',
      modality: 'chat',
      state: 'cold',
      contextLength: 1024,
      slots: 8,
      capabilities: ['tools', 'json_schema'],
    });
    expect(offerOf(provider, 'tadpole-embed')).toMatchObject({ modality: 'embedding', details: { dimensions: 256 } });
  });

  it('finds files in folders below, under their own names or their sidecars’', async () => {
    await mkdir(join(folder, 'deep'));
    await copyFile(tadpolePath, join(folder, 'deep', 'frog.gguf'));
    await copyFile(tadpolePath, join(folder, 'toad.gguf'));
    await writeFile(sidecarPath(join(folder, 'toad.gguf')), JSON.stringify({ name: 'toad:8m', temperature: 0 }));
    const provider = await start();
    expect(names(provider)).toEqual(['tadpole', 'tadpole-embed', 'frog', 'toad:8m']);
  });

  it('offers a file that is put there later', async () => {
    const provider = await start();
    await copyFile(tadpolePath, join(folder, 'frog.gguf'));
    await vi.waitFor(() => expect(names(provider)).toContain('frog'), 3000);
    expect((await answer(provider, { model: 'frog', messages: [user('Hello!')] })).content).toContain('Hello');
  });

  it('notices a models folder that is made after the start', async () => {
    const later = join(folder, 'later');
    const provider = await start({ modelsDirs: [later] });
    await mkdir(later);
    await copyFile(tadpolePath, join(later, 'frog.gguf'));
    await vi.waitFor(() => expect(names(provider)).toContain('frog'), 10_000);
  });

  it('leaves a broken file out and says so', async () => {
    await writeFile(join(folder, 'broken.gguf'), 'GGUF and then nothing');
    await writeFile(join(folder, 'page.gguf'), '<html>not found</html>');
    const warn = vi.fn();
    const provider = await start({ log: { info() {}, warn, error() {} } });
    expect(names(provider)).toEqual(['tadpole', 'tadpole-embed']);
    expect(warn).toHaveBeenCalledTimes(2);
  });

  it('survives a file that breaks off after its header', async () => {
    const { readFile } = await import('node:fs/promises');
    const whole = await readFile(tadpolePath);
    await writeFile(join(folder, 'half.gguf'), whole.subarray(0, whole.length / 2));
    const provider = await start();
    const failed = answer(provider, { model: 'half', messages: [user('Hello!')] });
    await expect(failed).rejects.toMatchObject({ code: 'engine-failed', retry: 'elsewhere' });
    expect((await answer(provider, { messages: [user('Hello!')] })).content).toContain('Hello');
  });

  it('looks names up and never takes them for paths', async () => {
    const provider = await start();
    const offer = { ...offerOf(provider, 'tadpole'), model: `../..${tadpolePath}` };
    const call = { offer, signal: new AbortController().signal, jobOfferId: 'Qm' };
    const stream = provider.chat.chat({ model: offer.model, messages: [user('Hello!')] }, call);
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'not-found',
      data: { openaiCode: 'model_not_found' },
    });
  });

  it('loads a model once for all who come while it loads', async () => {
    const info = vi.fn();
    const provider = await start({ log: { info, warn() {}, error() {} } });
    const answers = [1, 2, 3].map(() => answer(provider, { messages: [user('Hello!')] }));
    await vi.waitFor(() => expect(offerOf(provider, 'tadpole').state).toBe('loading'));
    await Promise.all(answers);
    expect(info.mock.calls.filter(([, message]) => message === 'model loading')).toHaveLength(1);
    expect(offerOf(provider, 'tadpole')).toMatchObject({ state: 'loaded', loadMs: expect.any(Number) });
  });

  it('lets a caller leave while the model loads', async () => {
    const provider = await start();
    const controller = new AbortController();
    const reading = answer(provider, { messages: [user('Hello!')] }, controller.signal);
    const reason = new Error('gone');
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });

  it('unloads the least recently used model when the budget needs its room', async () => {
    await copyFile(tadpolePath, join(folder, 'frog.gguf'));
    const { sizeBytes = 0 } = offerOf(await start(), 'tadpole');
    const provider = await start({ memory: createMemoryBudget({ limitBytes: Math.floor(sizeBytes * 1.05) }) });
    await answer(provider, { messages: [user('Hello!')] });
    await answer(provider, { model: 'frog', messages: [user('Hello!')] });
    expect(offerOf(provider, 'frog').state).toBe('loaded');
    expect(offerOf(provider, 'tadpole').state).toBe('cold');
  });

  it('does not offer a model that could never fit', async () => {
    const provider = await start({ memory: createMemoryBudget({ limitBytes: 1_000_000 }) });
    expect(names(provider)).toEqual([]);
  });

  it('refuses chat with an embedding model', async () => {
    const provider = await start();
    const chatting = answer(provider, { model: 'tadpole-embed', messages: [user('Hello!')] });
    await expect(chatting).rejects.toMatchObject({ code: 'invalid-request', data: { param: 'model' } });
  });

  it('refuses token ids the model does not have', async () => {
    const provider = await start();
    const offer = offerOf(provider, 'tadpole-embed');
    const call = { offer, signal: new AbortController().signal, jobOfferId: 'Qm' };
    const refused = provider.embeddings.embed({ model: 'tadpole-embed', input: [5, 6144] }, call);
    await expect(refused).rejects.toMatchObject({ code: 'invalid-request', data: { param: 'input' } });
  });

  it('ends running answers when it closes', async () => {
    const provider = await start();
    const endless = { messages: [user('Tell me a story.')], logit_bias: { '4': -100, '2': -100 } };
    const reading = chat(provider, endless)[Symbol.asyncIterator]();
    await reading.next();
    const rest = (async () => {
      while (!(await reading.next()).done);
    })();
    const [ended] = await Promise.allSettled([rest, provider.close()]);
    expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } });
  });

  it('closes twice without harm and takes nothing afterwards', async () => {
    const provider = await createLlamaProvider({
      bundled: { tadpole: tadpolePath, embed: tadpoleEmbedPath },
      gpu: false,
    });
    await provider.close();
    await provider.close();
    await expect(answer(provider, { messages: [user('Hello!')] })).rejects.toMatchObject({ code: 'no-capacity' });
  });
});
