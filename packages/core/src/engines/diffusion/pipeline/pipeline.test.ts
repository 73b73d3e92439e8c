import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { tadpoleImage, tadpoleVideo } from '../__fixtures__/bundled.ts';
import { largestDifference, recorded } from '../__fixtures__/pixels.ts';
import { temporaryFolder, writeTinyModel } from '../__fixtures__/tiny-model.ts';
import type { Drawing } from '../drawing.ts';
import { readModel } from '../read-model.ts';
import type { Frames } from './frames.ts';
import { type DrawHooks, Pipeline } from './pipeline.ts';

const options = { threads: 1, executionProviders: ['cpu'] };

const frog: Drawing = {
  prompt: 'a frog jumps on a lilypad',
  negativePrompt: '',
  seed: 1,
  steps: 4,
  guidance: 2.5,
  width: 128,
  height: 128,
};

describe('a pipeline', { timeout: 30_000 }, () => {
  it('draws the frames the reference sampler draws, within rounding', async () => {
    const frames = await draw('tadpole-video', tadpoleVideo, frog);
    expect(frames).toMatchObject({ width: 128, height: 128, count: 8 });
    for (let frame = 0; frame < 8; frame++) {
      const drawn = frames.data.subarray(frame * 128 * 128 * 3, (frame + 1) * 128 * 128 * 3);
      expect(largestDifference(drawn, await recordedFrame(frame))).toBeLessThanOrEqual(1);
    }
  });

  it('pays no heed to the negative prompt where guidance is off', async () => {
    const plain = { ...frog, steps: 2, guidance: 1 };
    const one = await draw('tadpole-image', tadpoleImage, plain);
    const other = await draw('tadpole-image', tadpoleImage, { ...plain, negativePrompt: 'night' });
    expect(largestDifference(one.data, other.data)).toBe(0);
  });

  it('of SDXL takes an absent negative prompt for nothing at all only where its files say so', async () => {
    const encoded = await drawXl({});
    const zeroed = await drawXl({ force_zeros_for_empty_prompt: true });
    expect(largestDifference(encoded.data, zeroed.data)).toBeGreaterThan(0);
  });

  it('stops between two steps', async () => {
    const stop = new AbortController();
    let steps = 0;
    const onProgress = () => {
      if (++steps === 2) stop.abort();
    };
    await expect(draw('tadpole-image', tadpoleImage, frog, { signal: stop.signal, onProgress })).rejects.toThrow(
      /abort/,
    );
    expect(steps).toBe(2);
  });
});

const quiet: DrawHooks = { signal: new AbortController().signal, onProgress: () => undefined };

async function draw(name: string, folder: string, drawing: Drawing, hooks = quiet): Promise<Frames> {
  const pipeline = await Pipeline.open(await readModel(name, folder), options);
  try {
    return await pipeline.draw(drawing, hooks);
  } finally {
    await pipeline.close();
  }
}

async function drawXl(index: object): Promise<Frames> {
  await using folder = await temporaryFolder();
  const model = await writeTinyModel(folder.path, { xl: true, index });
  return await draw('tiny', model, { ...frog, prompt: 'ab', width: 64, height: 64, steps: 3 });
}

/** The recording has the frames side by side, two pixels apart. */
function recordedFrame(frame: number): Promise<Uint8Array> {
  const cut = { left: frame * 130, top: 0, width: 128, height: 128 };
  return sharp(recorded('tadpole-video-seed-1.png')).extract(cut).removeAlpha().raw().toBuffer();
}
