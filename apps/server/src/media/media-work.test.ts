import { expect, test } from 'vitest';
import { imageWork, openAIImageWorks, openAIVideoWork, speechWork } from './media-work.ts';

const frog = { prompt: 'a frog', model: 'tadpole-image' };

test('null is the same as leaving a field out', () => {
  const { request } = imageWork({ ...frog, seed: 0, steps: null, negative_prompt: '' });
  expect(JSON.parse(JSON.stringify(request))).toEqual({ ...frog, seed: 0, negative_prompt: '' });
});

test('several pictures are several jobs, whose seeds count up', () => {
  const works = openAIImageWorks({ ...frog, n: 3, seed: 7, size: '64x48' });
  expect(works.map(({ kind, request }) => ({ kind, ...request }))).toEqual(
    [7, 8, 9].map((seed) => ({ kind: 'image', ...frog, seed, width: 64, height: 48 })),
  );
});

test('without a size or a number it is one picture of the model’s own size', () => {
  const works = openAIImageWorks({ ...frog, size: 'auto', n: null });
  expect(works).toHaveLength(1);
  expect(works[0]?.request).not.toHaveProperty('width');
});

test('a video that should begin with a picture is refused by name', () => {
  expect(() => openAIVideoWork({ ...frog, input_reference: { file: 'a.png' } } as never)).toThrow(
    expect.objectContaining({ code: 'invalid-request', data: expect.objectContaining({ param: 'input_reference' }) }),
  );
});

test('speech has its voice and pace', () => {
  const { request } = speechWork({ input: 'Hello', model: 'flite', voice: 'bella', speed: 1.5 });
  expect(request).toEqual({ input: 'Hello', model: 'flite', voice: 'bella', speed: 1.5 });
});
