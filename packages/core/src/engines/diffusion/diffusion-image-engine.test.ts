import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { describeImageEngine } from '../image-engine.conformance.ts';
import { tadpoleImage, tadpoleVideo } from './__fixtures__/bundled.ts';
import { callFor, openProvider } from './__fixtures__/open-provider.ts';
import { largestDifference, pixels, recorded } from './__fixtures__/pixels.ts';
import {
  brokenDenoiser,
  type TinyModelOptions,
  temporaryFolder,
  tinyDecoder,
  writeTinyModel,
} from './__fixtures__/tiny-model.ts';

const provider = await openProvider([tadpoleImage]);
afterAll(() => provider.close());

describeImageEngine('diffusion with the bundled model', async () => {
  const { offer } = callFor(provider, 'tadpole-image');
  return { engine: provider.images, offer, width: 128, height: 128, close: async () => undefined };
});

describe('the bundled model draws what its reference sampler draws, within rounding', { timeout: 30_000 }, () => {
  it.each([
    ['tadpole-image-seed-1.png', { prompt: 'A spaceship parked on a lilypad', seed: 1 }],
    [
      'tadpole-image-seed-77.png',
      { prompt: 'a red fox in the snow', negative_prompt: 'night', seed: 77, steps: 5, guidance: 4 },
    ],
  ])('%s', async (file, request) => {
    const picture = await provider.images.image({ model: 'any', ...request }, callFor(provider, 'tadpole-image'));
    expect(largestDifference(await pixels(picture.bytes), await pixels(recorded(file)))).toBeLessThanOrEqual(1);
  });
});

describe('the diffusion engine', { timeout: 30_000 }, () => {
  it('leaves the event loop free while it draws', async () => {
    const call = callFor(provider, 'tadpole-image');
    await provider.images.image({ model: 'any', prompt: 'a frog', steps: 1 }, call);
    const before = performance.eventLoopUtilization();
    await provider.images.image({ model: 'any', prompt: 'a frog', steps: 60 }, call);
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
  });

  it('draws at another size by scaling where the model has one size only', async () => {
    const request = { model: 'any', prompt: 'a frog', seed: 1, width: 300, height: 200 };
    const picture = await provider.images.image(request, callFor(provider, 'tadpole-image'));
    const { width, height } = await sharp(picture.bytes).metadata();
    expect({ width, height }).toEqual({ width: 300, height: 200 });
  });

  it('writes prompt, model and seed into the file, any characters, unless told not to', async () => {
    const prompt = 'größer <than> "that" & 🐸\u0001';
    const request = { model: 'any', prompt, seed: 3, steps: 1 };
    const told = await provider.images.image(request, callFor(provider, 'tadpole-image'));
    const { xmpAsString: xmp = '' } = await sharp(told.bytes).metadata();
    expect(xmp).toContain('>größer &lt;than&gt; &quot;that&quot; &amp; 🐸</rdf:li>');
    expect(xmp).toContain('&quot;model&quot;:&quot;tadpole-image&quot;');
    expect(xmp).toContain('&quot;seed&quot;:3');
    await using silent = await openProvider([tadpoleImage], { metadata: false });
    const untold = await silent.images.image(request, callFor(silent, 'tadpole-image'));
    const { xmp: none, exif } = await sharp(untold.bytes).metadata();
    expect([none, exif]).toEqual([undefined, undefined]);
    expect(largestDifference(await pixels(told.bytes), await pixels(untold.bytes))).toBe(0);
  });

  it.each([
    ['DDIM', { schedulerConfig: { _class_name: 'DDIMScheduler' } }],
    ['Euler', { schedulerConfig: { _class_name: 'EulerDiscreteScheduler' } }],
    ['Euler ancestral', { schedulerConfig: { _class_name: 'EulerAncestralDiscreteScheduler' } }],
    ['LCM', { schedulerConfig: { _class_name: 'LCMScheduler' } }],
    ['SDXL', { xl: true, index: { force_zeros_for_empty_prompt: true } }],
  ] satisfies [string, TinyModelOptions][])(
    'draws with a %s export at the size asked for, even an odd one',
    async (_name, model) => {
      await using folder = await temporaryFolder();
      await using provider = await openProvider([await writeTinyModel(folder.path, model)]);
      const request = { model: 'any', prompt: 'ab', seed: 1, steps: 3, width: 99, height: 64 };
      const picture = await provider.images.image(request, callFor(provider, 'tiny'));
      const { width, height } = await sharp(picture.bytes).metadata();
      expect({ width, height }).toEqual({ width: 99, height: 64 });
    },
  );

  it.each([
    ['numbers that are not finite', { denoiser: brokenDenoiser() }],
    ['a blank picture', { decoder: tinyDecoder({ blank: true }) }],
  ] satisfies [string, TinyModelOptions][])('fails where a model gives %s', async (_what, model) => {
    await using folder = await temporaryFolder();
    await using provider = await openProvider([await writeTinyModel(folder.path, model)]);
    const drawn = provider.images.image({ model: 'any', prompt: 'ab' }, callFor(provider, 'tiny'));
    await expect(drawn).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringContaining('"tiny" gave no usable picture'),
    });
  });

  it('says which file is damaged, without its path, and works once it is whole again', async () => {
    await using folder = await temporaryFolder();
    const model = await writeTinyModel(folder.path);
    await using provider = await openProvider([model]);
    const draw = () => provider.images.image({ model: 'any', prompt: 'ab' }, callFor(provider, 'tiny'));
    await truncate(join(model, 'unet/model.onnx'), 100);
    await expect(draw()).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringMatching(/^The model "tiny" cannot be used: unet\/model\.onnx is damaged/),
    });
    await writeFile(join(model, 'tokenizer/vocab.json'), 'no json');
    await expect(draw()).rejects.toThrow('tokenizer is damaged');
    await writeTinyModel(folder.path);
    await expect(draw()).resolves.toMatchObject({ contentType: 'image/png' });
  });

  it('says which file has gone since the model was found', async () => {
    await using folder = await temporaryFolder();
    const model = await writeTinyModel(folder.path);
    await using provider = await openProvider([model]);
    await rm(join(model, 'vae_decoder/model.onnx'));
    const drawn = provider.images.image({ model: 'any', prompt: 'ab' }, callFor(provider, 'tiny'));
    await expect(drawn).rejects.toThrow('vae_decoder/model.onnx is missing');
  });

  it('refuses to make a still of a model that animates', async () => {
    await using provider = await openProvider([tadpoleVideo]);
    const drawn = provider.images.image({ model: 'any', prompt: 'ab' }, callFor(provider, 'tadpole-video'));
    await expect(drawn).rejects.toMatchObject({ code: 'invalid-request', data: { param: 'model' } });
  });
});
