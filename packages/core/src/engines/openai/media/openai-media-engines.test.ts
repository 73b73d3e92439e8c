import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWav } from '../../speech/audio/wav.ts';
import type { VideoStatus } from '../../video-engine.ts';
import { type ProviderOverFake, providerOverFake } from '../__fixtures__/provider-over-fake.ts';

let over: ProviderOverFake;

beforeAll(async () => {
  over = await providerOverFake({}, { renderMs: 80 });
});

afterAll(() => over[Symbol.asyncDispose]());

describe('pictures from /images/generations', () => {
  const draw = (request: object = {}, model = 'sdxl-turbo') =>
    over.provider.images.image({ model, prompt: 'a frog', width: 64, height: 48, ...request }, over.call(model));

  it('gives a PNG of the size asked for, the same for the same seed', async () => {
    const [first, again, other] = [await draw({ seed: 1 }), await draw({ seed: 1 }), await draw({ seed: 2 })];
    expect(await sharp(first.bytes).metadata()).toMatchObject({ format: 'png', width: 64, height: 48 });
    expect(first).toMatchObject({ contentType: 'image/png', seed: 1, width: 64, height: 48 });
    expect(Buffer.compare(first.bytes, again.bytes)).toBe(0);
    expect(Buffer.compare(first.bytes, other.bytes)).not.toBe(0);
  });

  it('tells the seed it drew by lot', async () => {
    const picture = await draw();
    expect(Buffer.compare(picture.bytes, (await draw({ seed: picture.seed })).bytes)).toBe(0);
  });

  it.each([
    ['prompt', { prompt: ' ' }],
    ['prompt', { prompt: 'x'.repeat(1001) }],
    ['steps', { steps: 0 }],
    ['seed', { seed: -1 }],
    ['width', { width: 7 }],
    ['height', { height: undefined }],
    ['size', { width: 2000, height: 2000 }],
  ])('refuses a bad %s by name', async (param, wrong) => {
    await expect(draw(wrong)).rejects.toMatchObject({ code: 'invalid-request', data: { param } });
  });

  it.each(['bad-json', 'html', 'reset-after=0', 'status=500'])(
    'fails with %s so that another provider may try',
    async (fault) => {
      await expect(draw({}, `sdxl-turbo!${fault}`)).rejects.toMatchObject({
        code: 'engine-failed',
        retry: 'elsewhere',
      });
    },
  );
});

describe('speech from /audio/speech', () => {
  const say = (request: object = {}, model = 'kokoro', signal?: AbortSignal) =>
    over.provider.speech.speech(
      { model, input: 'Lily pads dance.', voice: 'heart', ...request },
      over.call(model, signal),
    );

  it('gives WAV, 24 kHz, mono, that lasts as long as it says', async () => {
    const { bytes, seconds, sampleRate, contentType } = await say();
    expect([contentType, sampleRate]).toEqual(['audio/wav', 24_000]);
    expect(readWav(bytes).samples.length / 24_000).toBeCloseTo(seconds, 6);
    expect(seconds).toBeGreaterThan(0.2);
  });

  it('asks a Kokoro for its own name of the voice', async () => {
    await say({ voice: 'puck', speed: 2 });
    expect(over.upstream.requests.at(-1)?.body).toMatchObject({ voice: 'am_puck', speed: 2, response_format: 'wav' });
  });

  it.each([
    ['voice', { voice: 'alloy' }],
    ['input', { input: '…' }],
    ['input', { input: 'a'.repeat(4097) }],
    ['speed', { speed: Number.NaN }],
  ])('refuses a bad %s by name, before any work', async (param, wrong) => {
    const before = over.upstream.requests.length;
    await expect(say(wrong)).rejects.toMatchObject({ code: 'invalid-request', data: { param } });
    expect(over.upstream.requests).toHaveLength(before);
  });

  it.each(['html', 'wrong-length', 'truncate-after=0', 'bad-json'])(
    'fails with %s so that another provider may try',
    async (fault) => {
      await expect(say({}, `kokoro!${fault}`)).rejects.toMatchObject({ code: 'engine-failed', retry: 'elsewhere' });
    },
  );

  it('is cancelled when the caller leaves', async () => {
    const left = new AbortController();
    const spoken = say({}, 'kokoro!hang', left.signal);
    await expect.poll(() => over.upstream.activeRequests).toBe(1);
    left.abort();
    await expect(spoken).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(() => over.upstream.activeRequests).toBe(0);
  });
});

describe('videos from /videos', () => {
  const call = () => over.call('wan2.1');

  async function untilOver(operation: Parameters<typeof over.provider.videos.status>[0]): Promise<VideoStatus[]> {
    const seen: VideoStatus[] = [];
    while (seen.at(-1)?.state !== 'succeeded' && seen.at(-1)?.state !== 'failed')
      seen.push(await over.provider.videos.status(operation, call()));
    return seen;
  }

  it('begins, tells how far it is, and fetches the animation', async () => {
    const operation = await over.provider.videos.start(
      { model: 'wan2.1', prompt: 'a pond', width: 32, height: 32, seed: 1 },
      call(),
    );
    const seen = await untilOver(JSON.parse(JSON.stringify(operation)));
    expect(seen[0]).toMatchObject({ state: 'running', progress: expect.any(Number) });
    const last = seen.at(-1);
    if (last?.state !== 'succeeded') throw new Error('The video did not succeed.');
    expect(last.video).toMatchObject({ contentType: 'image/webp', width: 32, height: 32 });
    expect(await sharp(last.video.bytes).metadata()).toMatchObject({ format: 'webp', pages: 8 });
  });

  it('has failed when the upstream does not know it any more', async () => {
    const operation = await over.provider.videos.start({ model: 'wan2.1', prompt: 'a pond' }, call());
    await over.provider.videos.cancel(operation);
    expect(await over.provider.videos.status(operation, call())).toMatchObject({
      state: 'failed',
      error: { retry: 'elsewhere' },
    });
  });

  it('refuses a prompt that is empty', async () => {
    const started = over.provider.videos.start({ model: 'wan2.1', prompt: '' }, call());
    await expect(started).rejects.toMatchObject({ code: 'invalid-request', data: { param: 'prompt' } });
  });
});
