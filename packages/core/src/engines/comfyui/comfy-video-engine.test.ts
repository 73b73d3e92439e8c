import { parseFaultRule, startFakeUpstream } from '@anura/fake-upstream';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { outcomeOf, providerOver, providerOverFake } from './__fixtures__/provider-over-fake.ts';

const pond = { model: 'any', prompt: 'a pond', seed: 1, steps: 4, width: 64, height: 64 };

describe('a video by a workflow', () => {
  it('is an animated WebP of the size asked for, and tells progress meanwhile', async () => {
    await using over = await providerOverFake({ renderMs: 300 });
    const operation = await over.provider.videos.start(pond, over.call('wan2.1'));
    const told = new Set<number>();
    let status = await over.provider.videos.status(operation, over.call('wan2.1'));
    for (; status.state === 'running'; status = await over.provider.videos.status(operation, over.call('wan2.1'))) {
      told.add(status.progress ?? Number.NaN);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (status.state !== 'succeeded') throw status.error;
    expect(status.video).toMatchObject({ contentType: 'image/webp', width: 64, height: 64 });
    const { pages, pageHeight } = await sharp(status.video.bytes, { animated: true }).metadata();
    expect([pages, pageHeight]).toEqual([33, 64]);
    expect([...told].every((part) => part >= 0 && part < 1)).toBe(true);
    expect([...told]).toEqual([...told].toSorted((left, right) => left - right));
    expect(told.size).toBeGreaterThan(3);
  });

  it('is found by a later process, running or done, without being made again', async () => {
    await using upstream = await startFakeUpstream({ renderMs: 400 });
    const before = await providerOver(upstream);
    const operation = await before.provider.videos.start(pond, before.call('wan2.1'));
    const saved = JSON.stringify(operation);
    await before.provider.close();
    await using after = await providerOver(upstream);
    expect((await after.queue()).running).toEqual([operation['promptId']]);
    const first = await outcomeOf(after, JSON.parse(saved));
    expect(first.state).toBe('succeeded');
    await using later = await providerOver(upstream);
    expect(await outcomeOf(later, JSON.parse(saved))).toEqual(first);
    expect(after.asked('POST /prompt')).toBe(1);
  });

  it('hears its progress in the later process too', async () => {
    await using upstream = await startFakeUpstream({ renderMs: 600 });
    const before = await providerOver(upstream);
    const operation = await before.provider.videos.start({ ...pond, steps: 20 }, before.call('wan2.1'));
    await before.provider.close();
    await using after = await providerOver(upstream);
    const progress = async () => {
      const status = await after.provider.videos.status(operation, after.call('wan2.1'));
      return status.state === 'running' ? status.progress : undefined;
    };
    await expect.poll(progress, { interval: 10 }).toBeGreaterThan(0);
    await after.provider.videos.cancel(operation);
  });

  it('is submitted again by the later process when ComfyUI lost it meanwhile, and found by the one after', async () => {
    await using upstream = await startFakeUpstream({ renderMs: 300 });
    const before = await providerOver(upstream);
    const operation = await before.provider.videos.start(pond, before.call('wan2.1'));
    await before.provider.close();
    upstream.restartComfy();
    const after = await providerOver(upstream);
    await after.provider.videos.status(operation, after.call('wan2.1'));
    await expect.poll(async () => (await after.queue()).running).toHaveLength(1);
    await after.provider.close();
    await using later = await providerOver(upstream);
    expect(await outcomeOf(later, operation)).toMatchObject({ state: 'succeeded' });
    expect(later.asked('POST /prompt')).toBe(2);
  });

  it('fails with the reason, and stays at ComfyUI no longer', async () => {
    await using over = await providerOverFake({ faults: [parseFaultRule('error-after=10')] });
    const operation = await over.provider.videos.start(pond, over.call('wan2.1'));
    expect(await outcomeOf(over, operation)).toMatchObject({
      state: 'failed',
      error: {
        ...{ code: 'engine-failed', retry: 'elsewhere' },
        message: expect.stringMatching(/KSampler: .*cannot be multiplied \(\*\*\*\)/),
      },
    });
  });

  it('has failed when it does not move or has another size', async () => {
    await using over = await providerOverFake({ faults: [parseFaultRule('wrong-file@/view')] });
    const operation = await over.provider.videos.start(pond, over.call('wan2.1'));
    expect(await outcomeOf(over, operation)).toMatchObject({ state: 'failed', error: { code: 'engine-failed' } });
  });

  it('is stopped by cancelling, also where another process began it, and cancelling twice does nothing', async () => {
    await using over = await providerOverFake({ renderMs: 60_000 });
    await using other = await providerOver(over.upstream);
    const [first, second] = [
      await over.provider.videos.start(pond, over.call('wan2.1')),
      await over.provider.videos.start({ ...pond, seed: 2 }, over.call('wan2.1')),
    ];
    await other.provider.videos.cancel(first);
    await expect.poll(async () => (await over.queue()).running).toEqual([second['promptId']]);
    await over.provider.videos.cancel(second);
    await over.provider.videos.cancel(second);
    await expect.poll(async () => over.queue()).toEqual({ running: [], pending: [] });
  });

  it('is no longer followed, but goes on, when nobody asks about it for a quarter of an hour', async () => {
    await using over = await providerOverFake({ renderMs: 60_000 });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const operation = await over.provider.videos.start(pond, over.call('wan2.1'));
    expect(over.upstream.comfySockets).toHaveLength(1);
    vi.advanceTimersByTime(15 * 60_000);
    vi.useRealTimers();
    await expect.poll(() => over.upstream.comfySockets).toHaveLength(0);
    expect((await over.queue()).running).toEqual([operation['promptId']]);
  });

  it.each([
    ['prompt', { prompt: ' ' }],
    ['width', { width: 72 }],
    ['steps', { steps: 101 }],
    ['guidance', { guidance: 21 }],
  ])('refuses a bad %s by name, before it asks anything', async (param, wrong) => {
    await using over = await providerOverFake();
    const refusal = { code: 'invalid-request', data: { param } };
    await expect(over.provider.videos.start({ ...pond, ...wrong }, over.call('wan2.1'))).rejects.toMatchObject(refusal);
    expect(() => over.provider.videos.admit({ ...pond, ...wrong }, over.call('wan2.1'))).toThrow(`\`${param}\``);
    expect(over.asked('POST /prompt')).toBe(0);
  });

  it('cannot be made by a workflow of stills, nor from a state that is none', async () => {
    await using over = await providerOverFake();
    const call = over.call('sdxl-turbo');
    await expect(over.provider.videos.start(pond, call)).rejects.toMatchObject({ data: { param: 'model' } });
    await expect(over.provider.videos.status({ id: 1 }, call)).rejects.toMatchObject({ code: 'internal' });
  });

  it('has failed where its workflow is not here any more', async () => {
    await using over = await providerOverFake();
    const { drawing } = { drawing: { ...pond, negative_prompt: '', guidance: 1 } };
    const operation = { promptId: 'a', clientId: 'b', model: 'gone', drawing };
    const status = await over.provider.videos.status(operation, over.call('wan2.1'));
    expect(status).toMatchObject({ state: 'failed', error: { code: 'not-found' } });
  });
});
