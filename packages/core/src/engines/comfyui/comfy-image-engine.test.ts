import { parseFaultRule } from '@anura/fake-upstream';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { describeImageEngine } from '../image-engine.conformance.ts';
import type { ImageRequest } from '../image-engine.ts';
import { type ProviderOverFake, providerOverFake } from './__fixtures__/provider-over-fake.ts';

describeImageEngine('comfyui with its own sdxl-turbo workflow', async () => {
  const { provider, call, close } = await providerOverFake();
  const { offer } = call('sdxl-turbo');
  return { engine: provider.images, offer, width: 512, height: 512, close };
});

const frog = { model: 'any', prompt: 'a frog', seed: 1, width: 64, height: 64 };

const draw = (over: ProviderOverFake, request: Partial<ImageRequest> = {}, signal?: AbortSignal) =>
  over.provider.images.image({ ...frog, ...request }, over.call('sdxl-turbo', signal));

const failing = (fault: string, options: Parameters<typeof providerOverFake>[1] = {}, renderMs = 0) =>
  providerOverFake({ faults: [parseFaultRule(fault)], renderMs }, options);

describe('a picture by a workflow', () => {
  it('asks ComfyUI for exactly what the request says', async () => {
    await using over = await providerOverFake();
    const request = {
      prompt: 'a "{{seed}}" frog',
      negative_prompt: 'rain',
      seed: 7,
      steps: 3,
      guidance: 1.5,
      height: 128,
    };
    const picture = await draw(over, request);
    expect(await sharp(picture.bytes).metadata()).toMatchObject({ format: 'png', width: 64, height: 128 });
    const { body } = over.upstream.requests.find(({ path }) => path === '/prompt') ?? {};
    const { prompt, client_id: clientId } = body as { prompt: object; client_id: string };
    expect(clientId).toMatch(/^[0-9a-f-]{36}$/);
    expect(prompt).not.toHaveProperty('anura');
    expect(prompt).toMatchObject({
      5: { inputs: { width: 64, height: 128 } },
      6: { inputs: { text: 'a "{{seed}}" frog' } },
      7: { inputs: { text: 'rain' } },
      13: { inputs: { noise_seed: 7, cfg: 1.5 } },
      22: { inputs: { steps: 3 } },
    });
  });

  it('is the same file when ComfyUI has nothing left to do for it', async () => {
    await using over = await providerOverFake();
    const [first, again] = [await draw(over), await draw(over)];
    expect(Buffer.compare(first.bytes, again.bytes)).toBe(0);
  });

  it('sends the key and headers everywhere, the WebSocket included', async () => {
    await using over = await providerOverFake({ apiKey: 'secret-key', renderMs: 60 }, { apiKey: 'secret-key' });
    const parts: number[] = [];
    const onProgress = (part: number) => parts.push(part);
    await over.provider.images.image({ ...frog, steps: 3 }, { ...over.call('sdxl-turbo'), onProgress });
    expect(parts.length).toBeGreaterThan(3);
  });

  it('waits for other people’s work without calling it silence', async () => {
    await using over = await providerOverFake({ renderMs: 150 }, { deadlines: { silenceMs: 200 } });
    const pictures = await Promise.all([1, 2, 3].map((seed) => draw(over, { seed, steps: 3 })));
    expect(pictures).toHaveLength(3);
  });

  it('stops what runs when its caller leaves, and leaves alone what others run', async () => {
    await using over = await providerOverFake({ renderMs: 60_000 });
    const [first, second] = [new AbortController(), new AbortController()];
    const running = draw(over, { seed: 1 }, first.signal);
    await expect.poll(async () => (await over.queue()).running).toHaveLength(1);
    const waiting = draw(over, { seed: 2 }, second.signal);
    await expect.poll(async () => (await over.queue()).pending).toHaveLength(1);
    const [id] = (await over.queue()).running;
    second.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    expect(await over.queue()).toEqual({ running: [id], pending: [] });
    expect(over.asked('POST /interrupt')).toBe(0);
    first.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(async () => (await over.queue()).running).toEqual([]);
    await expect.poll(() => over.upstream.comfySockets, { interval: 5 }).toEqual([]);
  });

  it.each([
    ['status=500@/prompt', 'engine-failed'],
    ['status=429@/prompt', 'no-capacity'],
    ['status=401@/prompt', 'engine-failed'],
    ['redirect@/prompt', 'engine-failed'],
    ['redirect@/history', 'engine-failed'],
    ['redirect@/view', 'engine-failed'],
    ['reset-after=0@/prompt', 'engine-failed'],
    ['html@/prompt', 'engine-failed'],
    ['bad-json@/prompt', 'engine-failed'],
    ['hang@/prompt', 'engine-timeout'],
    ['endless-headers@/prompt', 'engine-failed'],
    ['huge-line=3000000@/prompt', 'engine-failed'],
    ['error-after=5', 'engine-failed'],
    ['half-file@/view', 'engine-failed'],
    ['wrong-file@/view', 'engine-failed'],
    ['status=404@/view', 'engine-failed'],
    ['truncate-after=0@/view', 'engine-failed'],
    ['wrong-length@/view', 'engine-failed'],
    ['hang@/view', 'engine-timeout'],
    ['hang-after=5', 'engine-timeout'],
    ['hang@/history', 'engine-timeout'],
    ['hang@/queue', 'engine-timeout'],
    ['bad-json@/queue', 'engine-failed'],
    ['status=502@/history', 'engine-failed'],
  ])('fails with %s so that another provider may try, and leaves nothing behind', async (fault, code) => {
    const renderMs = fault.endsWith('/queue') ? 60_000 : 0;
    const deadlines = { silenceMs: 300, ...(fault.startsWith('hang@') && { answerMs: 200 }) };
    await using over = await failing(fault, { deadlines }, renderMs);
    const error: Error = await draw(over, { steps: 4 }).then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(error).toMatchObject({ code, retry: 'elsewhere' });
    expect(error.message).not.toContain(over.upstream.url.slice('http://'.length));
    expect(error.message).not.toContain('/home/frog');
    over.upstream.setFaults([]);
    if (!fault.endsWith('/queue')) expect(await over.queue()).toEqual({ running: [], pending: [] });
    await expect.poll(() => over.upstream.comfySockets, { interval: 5 }).toEqual([]);
  });

  it.each(['status=500@/ws', 'hang@/ws', 'redirect@/ws', 'drop-socket-after=4'])(
    'comes all the same, by asking, with %s',
    async (fault) => {
      await using over = await failing(fault, { deadlines: { connectMs: 100 } }, 50);
      expect((await draw(over, { steps: 4 })).bytes.length).toBeGreaterThan(100);
    },
  );

  it('goes on telling progress on a new WebSocket when the first is cut', async () => {
    await using over = await failing('drop-socket-after=6', {}, 500);
    const parts: number[] = [];
    const onProgress = (part: number) => parts.push(part);
    await over.provider.images.image({ ...frog, steps: 10 }, { ...over.call('sdxl-turbo'), onProgress });
    expect(parts.filter((part) => part > 0.5 && part < 0.99).length).toBeGreaterThan(1);
    expect(parts).toEqual(parts.toSorted((left, right) => left - right));
  });

  it('is fetched again when it came broken', async () => {
    // Seed 7 draws 0.01, then 0.06: the first download is struck and the second is not.
    await using over = await providerOverFake({ faults: [parseFaultRule('half-file@/view:0.04')], seed: 7 });
    expect((await draw(over)).bytes.length).toBeGreaterThan(100);
    expect([over.asked('GET /view'), over.asked('POST /prompt')]).toEqual([2, 1]);
  });

  it('is submitted again when ComfyUI restarts, once', async () => {
    await using over = await providerOverFake({ renderMs: 500 });
    const drawn = draw(over, { steps: 10 });
    await expect.poll(async () => (await over.queue()).running).toHaveLength(1);
    over.upstream.restartComfy();
    expect((await drawn).bytes.length).toBeGreaterThan(100);
    expect(over.asked('POST /prompt')).toBe(2);
    expect(over.warnings).toEqual([expect.stringContaining('submitted again')]);
  });

  it('fails when ComfyUI loses it twice', async () => {
    await using over = await failing('restart-after=4');
    await expect(draw(over, { steps: 4 })).rejects.toMatchObject({
      ...{ code: 'engine-failed', retry: 'elsewhere', message: 'Provider studio lost this work twice.' },
    });
    expect(over.asked('POST /prompt')).toBe(2);
  });

  it('fails when somebody else interrupts it', async () => {
    await using over = await providerOverFake({ renderMs: 60_000 });
    const drawn = draw(over);
    void drawn.catch(() => undefined);
    await expect.poll(async () => (await over.queue()).running).toHaveLength(1);
    await fetch(`${over.upstream.url}/interrupt`, { method: 'POST' });
    await expect(drawn).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringContaining('somebody else'),
    });
  });

  it('does not outlast the total deadline, and is stopped at ComfyUI', async () => {
    await using over = await providerOverFake({ renderMs: 60_000 }, { deadlines: { totalMs: 150 } });
    await expect(draw(over)).rejects.toMatchObject({
      code: 'engine-timeout',
      message: expect.stringContaining('150 ms'),
    });
    await expect.poll(async () => (await over.queue()).running).toEqual([]);
  });

  it('ends with its provider', async () => {
    await using over = await providerOverFake({ renderMs: 60_000 });
    const drawn = draw(over);
    void drawn.catch(() => undefined);
    await expect.poll(async () => (await over.queue()).running).toHaveLength(1);
    await over.provider.close();
    await expect(drawn).rejects.toMatchObject({ code: 'cancelled' });
  });
});
