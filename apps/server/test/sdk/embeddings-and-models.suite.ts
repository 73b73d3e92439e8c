import { expect } from 'vitest';
import { proves } from '../proves.ts';
import type { SDKTarget } from './sdk-target.ts';

const inputs = ['a small green frog', 'the frog jumps', 'interest rates of banks'];

const dot = (one: readonly number[] = [], other: readonly number[] = []): number =>
  one.reduce((sum, value, at) => sum + value * (other[at] ?? Number.NaN), 0);

/** Embeddings and models through the SDK. */
export function embeddingAndModelSuite(target: () => SDKTarget): void {
  const embed = (input: string | string[] | number[], more: object = {}) =>
    target().client.embeddings.create({ model: target().embeddingModel, input, ...more });

  proves('embeddings-float', 'embeddings-usage')(
    'gives one vector for each text, near when they mean the same',
    async () => {
      const { data, usage, object } = await embed(inputs, { encoding_format: 'float' });
      expect(object).toBe('list');
      expect(data.map(({ index }) => index)).toEqual([0, 1, 2]);
      expect(data.map(({ embedding }) => embedding.length)).toEqual(Array(3).fill(target().dimensions));
      const [frog, jumps, banks] = data.map(({ embedding }) => embedding);
      expect(dot(frog, frog)).toBeCloseTo(1, 3);
      expect(dot(frog, jumps)).toBeGreaterThan(dot(frog, banks));
      expect(usage.prompt_tokens).toBeGreaterThan(0);
      expect(usage.total_tokens).toBe(usage.prompt_tokens);
    },
  );

  proves('embeddings-base64')('gives the same vectors in base64, which is the SDK’s default', async () => {
    const [asFloats, asBase64] = [
      await embed(inputs[0] ?? '', { encoding_format: 'float' }),
      await embed(inputs[0] ?? ''),
    ];
    const [floats, decoded] = [asFloats.data[0]?.embedding ?? [], asBase64.data[0]?.embedding ?? []];
    expect(decoded).toHaveLength(target().dimensions);
    for (const [at, value] of floats.entries()) expect(decoded[at]).toBeCloseTo(value, 5);
  });

  proves('embeddings-inputs')('takes tokens for a text', async () => {
    const { data } = await embed([1, 2, 3]);
    expect(data).toHaveLength(1);
  });

  proves(
    'models-list',
    'models-retrieve',
    'models-capabilities',
  )('lists the models', async () => {
    const listed = (await target().client.models.list()).data;
    expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining([target().chatModel, target().embeddingModel]));
    const model = await target().client.models.retrieve(target().chatModel);
    expect(model).toMatchObject({ id: target().chatModel, object: 'model', owned_by: expect.any(String) });
    expect(Number.isInteger(model.created)).toBe(true);
    expect(model).toMatchObject({ modality: 'chat', context_length: expect.any(Number), providers: 1 });
    expect(model).toHaveProperty('capabilities', expect.arrayContaining(['tools', 'json_schema']));
  });
}
