import { setTimeout as sleep, setImmediate as turnOfTheLoop } from 'node:timers/promises';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createMemoryBudget } from '../memory-budget.ts';
import type { VideoOperation, VideoStatus } from '../video-engine.ts';
import { tadpoleImage, tadpoleVideo } from './__fixtures__/bundled.ts';
import { callFor, openProvider } from './__fixtures__/open-provider.ts';
import { recorded } from './__fixtures__/pixels.ts';
import { temporaryFolder, writeTinyModel } from './__fixtures__/tiny-model.ts';
import type { DiffusionProvider } from './diffusion-provider.ts';

const request = { model: 'any', prompt: 'a frog jumps on a lilypad', seed: 1, steps: 4 };

describe('a video', { timeout: 30_000 }, () => {
  it('is a looping WebP of all frames, drawn as the reference sampler draws them', async () => {
    await using provider = await openProvider([tadpoleVideo]);
    const call = callFor(provider, 'tadpole-video');
    const video = await finished(provider, await provider.videos.start(request, call));
    const { format, width, pages, pageHeight, loop, delay, xmpAsString } = await sharp(video.bytes, {
      animated: true,
    }).metadata();
    expect({ format, width, pages, pageHeight, loop }).toEqual({
      ...{ format: 'webp', width: 128, pages: 8, pageHeight: 128, loop: 0 },
    });
    expect(delay).toEqual(Array(8).fill(125));
    expect(xmpAsString).toContain(request.prompt);
    for (let frame = 0; frame < 8; frame++) {
      const drawn = await sharp(video.bytes, { page: frame }).removeAlpha().raw().toBuffer();
      expect(meanDifference(drawn, await recordedFrame(frame))).toBeLessThan(4);
    }
  });

  it('tells progress, then succeeds, and is forgotten once it was handed over', async () => {
    await using provider = await openProvider([tadpoleVideo]);
    const call = callFor(provider, 'tadpole-video');
    const operation = await provider.videos.start(request, call);
    const told = new Set<number>();
    const status = await over(provider, operation, (progress) => told.add(progress));
    expect(status.state).toBe('succeeded');
    expect([...told]).toEqual([...told].toSorted((left, right) => left - right));
    expect(await provider.videos.status(operation, call)).toMatchObject({ state: 'running' });
  });

  it('comes out the same from its saved operation in a process that never heard of it', async () => {
    await using before = await openProvider([tadpoleVideo]);
    const { seed: _lot, ...unseeded } = request;
    const operation = await before.videos.start({ ...unseeded, steps: 2 }, callFor(before, 'tadpole-video'));
    const saved = JSON.stringify(operation);
    const video = await finished(before, operation);
    await using after = await openProvider([tadpoleVideo]);
    const again = await finished(after, JSON.parse(saved));
    expect(Buffer.compare(video.bytes, again.bytes)).toBe(0);
  });

  it('lets go of its model when it is cancelled, and cancelling twice does nothing', async () => {
    await using crowded = await roomForOne();
    const { provider, other } = crowded;
    const call = callFor(provider, 'tadpole-video');
    const operation = await provider.videos.start({ ...request, steps: 150 }, call);
    await underWay(provider, operation);
    const waiting = other();
    expect(stateOfTiny(provider)).toBe('loading');
    await provider.videos.cancel(operation);
    await provider.videos.cancel(operation);
    await expect(waiting).resolves.toMatchObject({ contentType: 'image/png' });
    expect(await provider.videos.status(operation, call)).toMatchObject({ state: 'running' }); // begun anew, not drawn to its end
  });

  it('stops when nobody asks about it for a quarter of an hour', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    await using crowded = await roomForOne();
    const { provider, other } = crowded;
    const call = callFor(provider, 'tadpole-video');
    const operation = await provider.videos.start({ ...request, steps: 150 }, call);
    vi.advanceTimersByTime(14 * 60_000);
    await underWay(provider, operation);
    vi.advanceTimersByTime(14 * 60_000);
    const waiting = other();
    expect(stateOfTiny(provider)).toBe('loading');
    vi.advanceTimersByTime(60_000);
    await expect(waiting).resolves.toMatchObject({ contentType: 'image/png' });
    expect(await provider.videos.status(operation, call)).toMatchObject({ state: 'running' }); // begun anew, not drawn to its end
  });

  it('fails where its model is not here any more', async () => {
    await using before = await openProvider([tadpoleVideo]);
    const operation = await before.videos.start(request, callFor(before, 'tadpole-video'));
    await using after = await openProvider([tadpoleImage]);
    const call = callFor(after, 'tadpole-image');
    await after.videos.status(operation, call);
    const status = await after.videos.status(operation, call);
    expect(status).toMatchObject({ state: 'failed', error: { code: 'not-found' } });
  });

  it('is refused at the start for what it cannot honour', async () => {
    await using provider = await openProvider([tadpoleVideo]);
    const started = provider.videos.start({ ...request, steps: 0 }, callFor(provider, 'tadpole-video'));
    await expect(started).rejects.toMatchObject({ code: 'invalid-request', data: { param: 'steps' } });
  });

  it('cannot be made by a model of stills, nor from an operation that is none', async () => {
    await using provider = await openProvider([tadpoleImage]);
    const call = callFor(provider, 'tadpole-image');
    await expect(provider.videos.start(request, call)).rejects.toMatchObject({ data: { param: 'model' } });
    await expect(provider.videos.status({ id: 1 }, call)).rejects.toMatchObject({ code: 'internal' });
  });
});

const stateOfTiny = (provider: DiffusionProvider) => provider.offers().find(({ model }) => model === 'tiny')?.state;

/** A provider whose memory holds the animating model or another, not both. */
async function roomForOne() {
  const folder = await temporaryFolder();
  const memory = createMemoryBudget({ limitBytes: 100e6 });
  const provider = await openProvider([tadpoleVideo, await writeTinyModel(folder.path)], { memory });
  return {
    provider,
    other: () => provider.images.image({ model: 'any', prompt: 'ab', steps: 1 }, callFor(provider, 'tiny')),
    async [Symbol.asyncDispose]() {
      await provider.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Waits for the first step: a model that is still being opened is not let go of. */
async function underWay(provider: DiffusionProvider, operation: VideoOperation): Promise<void> {
  const call = callFor(provider, 'tadpole-video');
  for (;;) {
    const status = await provider.videos.status(operation, call);
    if (status.state !== 'running' || (status.progress ?? 0) > 0) return;
    await turnOfTheLoop();
  }
}

async function finished(provider: DiffusionProvider, operation: VideoOperation) {
  const status = await over(provider, operation);
  if (status.state !== 'succeeded') throw new Error(`the video ${status.state}`);
  return status.video;
}

async function over(
  provider: DiffusionProvider,
  operation: VideoOperation,
  onProgress?: (progress: number) => void,
): Promise<VideoStatus> {
  const call = callFor(provider, 'tadpole-video');
  for (;;) {
    const status = await provider.videos.status(operation, call);
    if (status.state !== 'running') return status;
    onProgress?.(status.progress ?? 0);
    await sleep(5);
  }
}

/** The recording has the frames side by side, two pixels apart. */
async function recordedFrame(frame: number): Promise<Uint8Array> {
  const left = frame * 130;
  const cut = sharp(recorded('tadpole-video-seed-1.png')).extract({ left, top: 0, width: 128, height: 128 });
  return cut.removeAlpha().raw().toBuffer();
}

/** WebP of quality 90 loses some: the frames are close, not equal. */
function meanDifference(left: Uint8Array, right: Uint8Array): number {
  return left.reduce((total, value, index) => total + Math.abs(value - (right[index] ?? 0)), 0) / left.length;
}
