import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tadpoleImage } from '../../engines/diffusion/__fixtures__/bundled.ts';
import { callFor, openProvider } from '../../engines/diffusion/__fixtures__/open-provider.ts';
import { writeStubKokoro } from '../../engines/speech/__fixtures__/stub-kokoro.ts';
import { createSpeechProvider } from '../../engines/speech/speech-provider.ts';
import { FakeHub } from '../__fixtures__/fake-hub.ts';
import { pull } from '../pull.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anura-hub-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('a pulled drawing model draws', { timeout: 30_000 }, async () => {
  await using hub = (await new FakeHub().listen()).addFolder(tadpoleImage);
  await using provider = await openProvider([folder]);
  expect(provider.offers()).toEqual([]);
  const { name } = await pull('hf:acme/frog-onnx', { modelsDir: folder, hub: hub.url });
  await provider.refresh();
  const call = callFor(provider, name);
  const { bytes } = await provider.images.image({ model: name, prompt: 'a frog', steps: 2 }, call);
  expect(Buffer.from(bytes).subarray(1, 4).toString()).toBe('PNG');
});

it('pulled Kokoro is found by the speech engine, with a model that sounds best first', async () => {
  const published = join(folder, 'published');
  await writeStubKokoro(published);
  await using hub = (await new FakeHub().listen()).addFolder(join(published, 'kokoro'));
  hub.add({
    'onnx/model_quantized.onnx': 'smaller',
    'voices/zf_xiaobei.bin': 'another',
    'tokenizer_config.json': '{}',
  });
  hub.repository = 'onnx-community/Kokoro-82M-v1.0-ONNX';
  const modelsFolder = join(folder, 'models');
  const provider = await createSpeechProvider({ modelsFolder });
  try {
    expect(provider.offers().map(({ model }) => model)).toEqual(['flite']);
    expect(await pull('kokoro', { modelsDir: modelsFolder, hub: hub.url })).toMatchObject({
      name: 'kokoro',
      layout: 'kokoro',
    });
    await provider.refresh();
    const offer = provider.offers().find(({ model }) => model === 'kokoro');
    if (!offer) throw new Error('kokoro is not offered');
    const call = { offer, jobOfferId: '', signal: new AbortController().signal };
    const { bytes } = await provider.speech.speech({ model: 'kokoro', voice: 'heart', input: 'Hello.' }, call);
    expect(Buffer.from(bytes).subarray(0, 4).toString()).toBe('RIFF');
    expect(hub.requests.map(({ path }) => path)).not.toContainEqual(expect.stringMatching(/quantized|xiaobei/));
  } finally {
    await provider.close();
  }
});
