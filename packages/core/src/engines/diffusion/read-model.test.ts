import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tadpoleImage, tadpoleVideo } from './__fixtures__/bundled.ts';
import { temporaryFolder, writeTinyModel } from './__fixtures__/tiny-model.ts';
import { findModels } from './find-models.ts';
import { readModel } from './read-model.ts';

describe('reading a model’s folder', () => {
  it('takes size, frames and defaults from what the bundled models say of themselves', async () => {
    expect(await readModel('tadpole-image', tadpoleImage)).toMatchObject({
      ...{ width: 128, height: 128, frames: 1, latentChannels: 4, pixelsPerLatent: 8, latentScale: 0.84088 },
      ...{ defaultSteps: 12, defaultGuidance: 2.5 },
      limits: { promptCharacters: 1000, mostSteps: 150, smallestSide: 64, largestSide: 1024 },
    });
    expect(await readModel('tadpole-video', tadpoleVideo)).toMatchObject({
      ...{ frames: 8, framesPerSecond: 8, sharedNoise: true, latentChannels: 4 },
    });
  });

  it('takes one step without guidance for a Turbo, and four for LCM', async () => {
    await using folder = await temporaryFolder();
    const turbo = { _class_name: 'EulerDiscreteScheduler', timestep_spacing: 'trailing' };
    const turboFolder = await writeTinyModel(folder.path, { name: 'sd-turbo', schedulerConfig: turbo });
    expect(await readModel('sd-turbo', turboFolder)).toMatchObject({ defaultSteps: 1, defaultGuidance: 0 });
    const lcm = await writeTinyModel(folder.path, { name: 'lcm', schedulerConfig: { _class_name: 'LCMScheduler' } });
    expect(await readModel('lcm', lcm)).toMatchObject({
      defaultSteps: 4,
      defaultGuidance: 1,
      limits: { mostSteps: 50 },
    });
  });

  it('finds the second text encoder of SDXL', async () => {
    await using folder = await temporaryFolder();
    const model = await readModel('xl', await writeTinyModel(folder.path, { xl: true }));
    expect(model.textEncoders).toHaveLength(2);
    expect(model.latentScale).toBe(1);
  });

  it.each([
    'model_index.json',
    'scheduler/scheduler_config.json',
    'unet/model.onnx',
    'vae_decoder/model.onnx',
    'text_encoder/model.onnx',
  ])('says that %s is missing', async (file) => {
    await using folder = await temporaryFolder();
    const model = await writeTinyModel(folder.path);
    await rm(join(model, file));
    await expect(readModel('tiny', model)).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringContaining(`"tiny" cannot be used: ${file} is missing`),
    });
  });

  it('says that the tokenizer is missing when neither form of it is there', async () => {
    await using folder = await temporaryFolder();
    const model = await writeTinyModel(folder.path);
    await rm(join(model, 'tokenizer/merges.txt'));
    await expect(readModel('tiny', model)).rejects.toThrow(/tokenizer\/tokenizer.json is missing/);
  });

  it('says which file is empty, is not JSON, or has a wrong value, and never the path', async () => {
    await using folder = await temporaryFolder();
    const model = await writeTinyModel(folder.path);
    await truncate(join(model, 'unet/model.onnx'));
    await expect(readModel('tiny', model)).rejects.toThrow(/unet\/model.onnx is empty/);
    await writeFile(join(model, 'model_index.json'), '{"anura":');
    await expect(readModel('tiny', model)).rejects.toThrow(/model_index.json is not JSON/);
    await writeFile(join(model, 'model_index.json'), '{"anura":{"frames":"two"}}');
    const wrong = readModel('tiny', model);
    await expect(wrong).rejects.toThrow(/model_index.json is wrong at anura.frames/);
    await expect(wrong).rejects.not.toThrow(folder.path);
  });

  it('refuses more frames than the channels hold', async () => {
    await using folder = await temporaryFolder();
    const model = await writeTinyModel(folder.path, { index: { anura: { frames: 3 } } });
    await expect(readModel('tiny', model)).rejects.toThrow(/3 frames do not divide/);
  });
});

describe('finding models', () => {
  it('looks two levels deep, names models after their folders, and says why one is left out', async () => {
    await using folder = await temporaryFolder();
    const good = await writeTinyModel(join(folder.path, 'owner'), { name: 'good' });
    const bad = await writeTinyModel(folder.path, { name: 'bad' });
    await writeTinyModel(join(folder.path, 'too/deep/for/this'));
    await rm(join(bad, 'unet/model.onnx'));
    const found = await findModels([folder.path, good, join(folder.path, 'nowhere')]);
    expect(found.models.map((model) => model.name)).toEqual(['good']);
    expect(found.skipped).toEqual([{ folder: bad, reason: expect.stringContaining('unet/model.onnx is missing') }]);
  });

  it('keeps the first of two with one name', async () => {
    await using folder = await temporaryFolder();
    await writeTinyModel(join(folder.path, 'a'));
    const second = await writeTinyModel(join(folder.path, 'b'));
    const found = await findModels([folder.path]);
    expect(found.models).toHaveLength(1);
    expect(found.skipped).toEqual([{ folder: second, reason: 'Another model is named "tiny".' }]);
  });
});
