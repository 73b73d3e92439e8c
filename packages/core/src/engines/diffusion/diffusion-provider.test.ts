import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMemoryBudget } from '../memory-budget.ts';
import { tadpoleImage, tadpoleVideo } from './__fixtures__/bundled.ts';
import { callFor, openProvider } from './__fixtures__/open-provider.ts';
import { brokenDenoiser, temporaryFolder, writeTinyModel } from './__fixtures__/tiny-model.ts';
import type { DiffusionProvider } from './diffusion-provider.ts';
import type { SkippedFolder } from './find-models.ts';

describe('the diffusion provider', { timeout: 30_000 }, () => {
  it('offers the bundled models for what they are', async () => {
    await using provider = await openProvider([tadpoleImage, tadpoleVideo]);
    expect(provider.offers()).toMatchObject([
      {
        ...{
          id: 'diffusion/tadpole-image',
          provider: 'diffusion',
          engine: 'diffusion',
          modality: 'image',
          state: 'cold',
        },
        details: {
          description: expect.stringContaining('Tiny model for offline use and tests'),
          maxInputCharacters: 1000,
        },
      },
      { id: 'diffusion/tadpole-video', modality: 'video', state: 'cold' },
    ]);
  });

  it('loads a model on use, and unloads it when another needs the room', async () => {
    await using folder = await temporaryFolder();
    const first = await writeTinyModel(folder.path, { name: 'first' });
    const second = await writeTinyModel(folder.path, { name: 'second' });
    const memory = createMemoryBudget({ limitBytes: 100e6 });
    await using provider = await openProvider([first, second], { memory });
    const cold = provider.offers();
    const drawing = draw(provider, 'first');
    expect(states(provider)).toEqual({ first: 'loading', second: 'cold' });
    expect(provider.offers()).not.toBe(cold);
    await drawing;
    expect(states(provider)).toEqual({ first: 'loaded', second: 'cold' });
    await draw(provider, 'second');
    expect(states(provider)).toEqual({ first: 'cold', second: 'loaded' });
    expect(memory.usedBytes).toBeLessThan(100e6);
    await draw(provider, 'first');
    expect(states(provider)).toEqual({ first: 'loaded', second: 'cold' });
  });

  it('waits for room for a second model while the first is at work', async () => {
    await using folder = await temporaryFolder();
    const second = await writeTinyModel(folder.path, { name: 'second' });
    const memory = createMemoryBudget({ limitBytes: 100e6 });
    await using provider = await openProvider([tadpoleImage, second], { memory });
    await draw(provider, 'tadpole-image', 1);
    const finished: string[] = [];
    const first = draw(provider, 'tadpole-image', 2).then(() => finished.push('first'));
    await draw(provider, 'second').then(() => finished.push('second'));
    await first;
    expect(finished).toEqual(['first', 'second']);
    expect(states(provider)).toEqual({ 'tadpole-image': 'cold', second: 'loaded' });
  });

  it('gives a model’s memory back when it could not be opened', async () => {
    await using folder = await temporaryFolder();
    const model = await writeTinyModel(folder.path);
    const memory = createMemoryBudget({ limitBytes: 100e6 });
    await using provider = await openProvider([model], { memory });
    await rm(join(model, 'unet/model.onnx'));
    await expect(draw(provider, 'tiny')).rejects.toMatchObject({ code: 'engine-failed' });
    expect(memory.usedBytes).toBe(0);
    expect(states(provider)).toEqual({ tiny: 'cold' });
  });

  it('stays usable after a drawing that failed', async () => {
    await using folder = await temporaryFolder();
    const broken = await writeTinyModel(folder.path, { name: 'broken', denoiser: brokenDenoiser() });
    await using provider = await openProvider([broken]);
    await expect(draw(provider, 'broken')).rejects.toMatchObject({ code: 'engine-failed' });
    expect(states(provider)).toEqual({ broken: 'loaded' });
    await expect(draw(provider, 'broken')).rejects.toMatchObject({ code: 'engine-failed' });
  });

  it('finds what was added, forgets what was removed, and tells what it leaves out', async () => {
    await using folder = await temporaryFolder();
    const skipped: SkippedFolder[] = [];
    await using provider = await openProvider([folder.path], { onSkipped: (each) => skipped.push(each) });
    expect(provider.offers()).toEqual([]);
    const model = await writeTinyModel(folder.path);
    await provider.refresh();
    const call = callFor(provider, 'tiny');
    await rm(join(model, 'unet'), { recursive: true });
    await provider.refresh();
    expect(provider.offers()).toEqual([]);
    expect(skipped).toEqual([{ folder: model, reason: expect.stringContaining('unet/model.onnx is missing') }]);
    const drawn = provider.images.image({ model: 'tiny', prompt: 'ab' }, call);
    await expect(drawn).rejects.toMatchObject({ code: 'not-found', data: { openaiCode: 'model_not_found' } });
  });

  it('ends a drawing under way when it closes, takes no more, and closes twice', async () => {
    await using provider = await openProvider([tadpoleImage]);
    await draw(provider, 'tadpole-image', 1);
    const drawing = draw(provider, 'tadpole-image', 150);
    const failed = expect(drawing).rejects.toMatchObject({ code: 'engine-failed' });
    await provider.close();
    await failed;
    await expect(draw(provider, 'tadpole-image')).rejects.toMatchObject({ code: 'no-capacity' });
    await provider.close();
  });

  it('draws one picture after the other when several ask at once', async () => {
    await using provider = await openProvider([tadpoleImage]);
    const order: number[] = [];
    const one = (id: number) => draw(provider, 'tadpole-image', 2, () => order.push(id));
    await Promise.all([one(1), one(2), one(3)]);
    expect(order).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3]);
  });
});

function draw(provider: DiffusionProvider, model: string, steps = 2, onProgress: () => void = () => undefined) {
  return provider.images.image({ model, prompt: 'ab', steps }, { ...callFor(provider, model), onProgress });
}

function states(provider: DiffusionProvider): Record<string, string> {
  return Object.fromEntries(provider.offers().map((offer) => [offer.model, offer.state]));
}
