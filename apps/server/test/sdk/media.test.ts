import type OpenAI from 'openai';
import sharp from 'sharp';
import { afterAll, beforeAll, expect } from 'vitest';
import { startMediaServer } from '../media/media-server.ts';
import { proves } from '../proves.ts';
import type { RunningTestServer } from '../running-server.ts';
import { sdkFor } from './sdk-target.ts';

let server: RunningTestServer;
let client: OpenAI;
beforeAll(async () => {
  server = await startMediaServer();
  client = sdkFor(server);
});
afterAll(() => server?.close());

const frog = { prompt: 'a frog', model: 'tadpole-image' };

proves('images-b64')('draws as many pictures as asked for, in that size', async () => {
  const { data } = await client.images.generate({ ...frog, n: 2, size: '64x64' as never, response_format: 'b64_json' });
  const pictures = (data ?? []).map(({ b64_json }) => Buffer.from(b64_json ?? '', 'base64'));
  const sizes = await Promise.all(pictures.map(async (png) => (await sharp(png).metadata()).width));
  expect(sizes).toEqual([64, 64]);
  expect(pictures[0]?.equals(pictures[1] ?? Buffer.alloc(0))).toBe(false);
});

proves('images-size-refused')('refuses a size that the model cannot draw', async () => {
  const huge = client.images.generate({ ...frog, size: '9000x9000' as never });
  await expect(huge).rejects.toMatchObject({ status: 400, param: 'width' });
});

proves('speech-wav')('answers with the recording', async () => {
  const speech = await client.audio.speech.create({
    model: 'flite',
    voice: 'bella' as never,
    input: 'The frogs are awake.',
    response_format: 'wav',
  });
  expect(speech.headers.get('content-type')).toBe('audio/wav');
  expect(
    Buffer.from(await speech.arrayBuffer())
      .subarray(0, 4)
      .toString(),
  ).toBe('RIFF');
});

proves('speech-formats')('gives the bare samples as pcm', async () => {
  const say = (response_format: 'wav' | 'pcm') =>
    client.audio.speech.create({ model: 'flite', voice: 'heart' as never, input: 'Hello.', response_format });
  const [wav, pcm] = await Promise.all([say('wav'), say('pcm')]);
  expect(pcm.headers.get('content-type')).toBe('audio/pcm');
  const samples = Buffer.from(await pcm.arrayBuffer());
  expect(
    Buffer.from(await wav.arrayBuffer())
      .subarray(-samples.length)
      .equals(samples),
  ).toBe(true);
});

proves(
  'videos-create',
  'videos-retrieve',
  'videos-content',
  'videos-list',
  'videos-delete',
)('makes a video, tells of it, hands it out and deletes it', async () => {
  const prompt = 'two frogs on a lilypad';
  const created = await client.videos.create({ model: 'tadpole-video' as never, prompt });
  expect(created).toMatchObject({ object: 'video', model: 'tadpole-video', prompt });
  expect(['queued', 'in_progress']).toContain(created.status);
  await expect
    .poll(async () => (await client.videos.retrieve(created.id)).status, { timeout: 20_000 })
    .toBe('completed');
  const done = await client.videos.retrieve(created.id);
  expect(done).toMatchObject({ progress: 100, error: null, completed_at: expect.any(Number) });
  const content = await client.videos.downloadContent(created.id);
  expect(content.headers.get('content-type')).toBe('image/webp');
  expect((await sharp(Buffer.from(await content.arrayBuffer())).metadata()).pages).toBeGreaterThan(1);

  const second = await client.videos.create({ model: 'tadpole-video' as never, prompt: 'a duck' });
  const listed = [];
  for await (const video of client.videos.list({ limit: 1 })) listed.push(video.id);
  expect(listed).toEqual([second.id, created.id]);

  expect(await client.videos.delete(created.id)).toMatchObject({ id: created.id, deleted: true });
  await expect(client.videos.downloadContent(created.id)).rejects.toMatchObject({ status: 404 });
});
