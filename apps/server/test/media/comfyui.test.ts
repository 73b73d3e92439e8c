import type { ErrorBody } from '@anura/openapi';
import { expect, test } from 'vitest';
import { post, runServer } from '../running-server.ts';
import { bodyOf, frog } from './media-server.ts';

test('a ComfyUI that is away is no reason not to start, and its models are not there', async () => {
  const configFile = 'providers: [{ name: studio, url: "http://127.0.0.1:9", engine: comfyui }]\n';
  await using server = await runServer({ configFile });
  const answer = await post(`${server.base}/image/generate`, { ...frog, model: 'sdxl-turbo' });
  expect(answer.status).toBe(404);
  expect((await bodyOf<ErrorBody>(answer)).error.code).toBe('model_not_found');
});

test('a folder of workflows that is not there ends the start with its name', async () => {
  const configFile =
    'providers: [{ name: studio, url: "http://127.0.0.1:9", engine: comfyui, templates: ./nowhere }]\n';
  await expect(runServer({ configFile })).rejects.toThrow(/nowhere/);
});
