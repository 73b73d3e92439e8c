import { startFakeUpstream } from '@anura/fake-upstream';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { post, runServer } from './running-server.ts';
import { configOf } from './upstream-config.ts';

const picture = (width: number, height: number, format: 'png' | 'jpeg') =>
  sharp({ create: { width, height, channels: 3, background: '#0a0' } })
    [format]()
    .toBuffer()
    .then((bytes) => `data:image/${format};base64,${bytes.toString('base64')}`);

const asking = (image_url: unknown, model = 'llava:7b') => ({
  model,
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: "What's in this image?" },
        { type: 'image_url', image_url },
      ],
    },
  ],
});

test('a picture reaches a model that sees, as PNG or JPEG, bare or as {url}', async () => {
  await using upstream = await startFakeUpstream();
  await using server = await runServer({ configFile: configOf([upstream]) });
  for (const image of [await picture(512, 512, 'png'), { url: await picture(64, 32, 'jpeg'), detail: 'low' }]) {
    const response = await post(`${server.base}/chat/completions`, asking(image));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: expect.stringMatching(/./) } }] });
  }
});

test('what is too large, a link, or shown to a model that cannot see is refused with the reason', async () => {
  await using upstream = await startFakeUpstream();
  await using server = await runServer({ configFile: configOf([upstream]) });
  const refusals: [unknown, RegExp][] = [
    [asking(await picture(513, 10, 'png')), /513×10 pixels; llava:7b takes at most 512×512/],
    [asking('https://example.com/frog.png'), /never fetched/],
    [
      asking(await picture(8, 8, 'png'), 'llama3.1:8b'),
      /no provider offers vision for llama3.1:8b; 1 offers it without/,
    ],
  ];
  for (const [body, reason] of refusals) {
    const response = await post(`${server.base}/chat/completions`, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringMatching(reason) } });
  }
});
