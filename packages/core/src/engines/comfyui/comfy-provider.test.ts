import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultModelFiles, parseFaultRule, startFakeUpstream } from '@anura/fake-upstream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { providerOver, providerOverFake } from './__fixtures__/provider-over-fake.ts';
import { createComfyProvider } from './comfy-provider.ts';

const names = (offers: readonly { model: string }[]) => offers.map(({ model }) => model);

describe('what a ComfyUI offers', () => {
  it('is a model for each workflow it can run, with its limits', async () => {
    await using over = await providerOverFake();
    expect(over.provider.offers()).toMatchObject([
      {
        ...{ id: 'studio/sdxl-turbo', engine: 'comfyui', modality: 'image', slots: 1, state: 'cold' },
        details: { maxInputCharacters: 1000, maxImagePixels: { width: 1024, height: 1024 } },
      },
      { id: 'studio/wan2.1', modality: 'video', details: { description: expect.stringContaining('832 × 480') } },
    ]);
    expect(over.warnings).toEqual([]);
    expect(over.provider.offers()).toBe(over.provider.offers());
  });

  it('leaves out what it has no model file for, saying so once, until the file is there', async () => {
    await using over = await providerOverFake({ modelFiles: { ...defaultModelFiles, vae: [] } });
    expect(names(over.provider.offers())).toEqual(['sdxl-turbo']);
    await over.provider.refresh();
    expect(over.warnings).toEqual([expect.stringContaining('wan2.1: VAELoader does not have the vae_name')]);
    over.upstream.setModelFiles(defaultModelFiles);
    await over.provider.refresh();
    expect(names(over.provider.offers())).toEqual(['sdxl-turbo', 'wan2.1']);
  });

  it('tells which model is in memory', async () => {
    await using over = await providerOverFake();
    await over.provider.images.image({ model: 'any', prompt: 'frog', width: 64, height: 64 }, over.call('sdxl-turbo'));
    expect(over.provider.offers().map(({ state }) => state)).toEqual(['loaded', 'cold']);
  });

  it('is nothing while the server is away, and everything when it is back', async () => {
    const upstream = await startFakeUpstream();
    const { port } = upstream;
    await using over = await providerOver(upstream);
    await upstream.close();
    await over.provider.refresh();
    expect(over.provider.offers()).toHaveLength(2);
    await over.provider.refresh();
    expect(over.provider.offers()).toEqual([]);
    expect(over.warnings).toEqual([expect.stringMatching(/^Provider studio is gone: .*refused the connection/)]);
    await using _back = await startFakeUpstream({ port });
    await over.provider.refresh();
    expect(over.provider.offers()).toHaveLength(2);
  });

  it.each(['hang@/object_info', 'html@/object_info', 'redirect@/object_info', 'status=500@/object_info'])(
    'is nothing for a server that answers with %s, and does not hold up the start',
    async (fault) => {
      await using upstream = await startFakeUpstream({ faults: [parseFaultRule(fault)] });
      const provider = await createComfyProvider({ name: 'studio', baseUrl: upstream.url });
      expect(provider.offers()).toEqual([]);
      await provider.close();
    },
  );

  it('is nothing for a server that is no ComfyUI', async () => {
    await using over = await providerOverFake({ comfyui: false });
    expect(over.provider.offers()).toEqual([]);
  });

  it('includes the operator’s own workflows', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'anura-workflows-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const graph = {
      1: { class_type: 'CLIPTextEncode', inputs: { text: '{{prompt}} {{seed}}' } },
      2: { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
      anura: { defaults: { width: 8, height: 8 } },
    };
    await writeFile(join(folder, 'half.json'), JSON.stringify(graph));
    await using over = await providerOverFake({}, { templates: folder });
    expect(over.warnings).toEqual([expect.stringContaining('half: node CLIPTextEncode needs the input clip')]);
    await writeFile(join(folder, 'half.json'), '{');
    await expect(createComfyProvider({ name: 'x', baseUrl: over.upstream.url, templates: folder })).rejects.toThrow(
      'half.json',
    );
  });
});

describe('options that make no sense', () => {
  it.each([
    ['name', { name: 'a b' }],
    ['baseUrl', { baseUrl: 'studio:8188x' }],
    ['baseUrl', { baseUrl: 'ftp://studio' }],
    ['baseUrl', { baseUrl: 'http://me:secret@studio:8188' }],
    ['silenceMs', { deadlines: { silenceMs: 0 } }],
    ['pollMs', { pollMs: -1 }],
  ])('are refused by name: %s', async (param, wrong) => {
    const created = createComfyProvider({ name: 'studio', baseUrl: 'http://127.0.0.1:1', ...wrong });
    await expect(created).rejects.toMatchObject({ code: 'invalid-request', data: { param } });
    await expect(created).rejects.not.toThrow(/secret/);
  });
});
