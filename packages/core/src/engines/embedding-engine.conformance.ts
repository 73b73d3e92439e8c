import type { EmbeddingRequest } from '@anura/openapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResourceOffer } from '../catalog/resource-offer.ts';
import type { EmbeddingEngine } from './embedding-engine.ts';

/** An engine under test, with a model that embeds. */
export interface EmbeddingEngineSubject {
  readonly engine: EmbeddingEngine;
  readonly offer: ResourceOffer;
  close(): Promise<void>;
}

/** What every embedding engine promises. Each implementation runs this suite. */
export function describeEmbeddingEngine(name: string, create: () => Promise<EmbeddingEngineSubject>): void {
  describe(`${name} is an embedding engine`, () => {
    let subject: EmbeddingEngineSubject;
    beforeAll(async () => {
      subject = await create();
    });
    afterAll(() => subject.close());

    const embed = (fields: Omit<EmbeddingRequest, 'model'>, signal = new AbortController().signal) =>
      subject.engine.embed(
        { model: subject.offer.model, ...fields },
        { offer: subject.offer, signal, jobOfferId: 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn' },
      );

    it('gives one vector for a text, and its tokens', async () => {
      const { vectors, promptTokens } = await embed({ input: 'a green frog' });
      expect(vectors).toHaveLength(1);
      expect(vectors[0]?.length).toBeGreaterThan(1);
      expect(promptTokens).toBeGreaterThan(0);
    });

    it('gives the vectors of several texts in their order', async () => {
      const [together, apart] = await Promise.all([
        embed({ input: ['a green frog', 'the moon'] }),
        embed({ input: 'the moon' }),
      ]);
      expect(together.vectors).toHaveLength(2);
      expectClose(together.vectors[1], apart.vectors[0]);
    });

    it('gives the same vector for the same text, also among others at the same time', async () => {
      const results = await Promise.all(Array.from({ length: 4 }, () => embed({ input: 'a green frog' })));
      for (const { vectors } of results) expectClose(vectors[0], results[0]?.vectors[0]);
    });

    it('rejects with the reason of a signal that was aborted before', async () => {
      const reason = new Error('gone');
      await expect(embed({ input: 'a green frog' }, AbortSignal.abort(reason))).rejects.toBe(reason);
    });

    it('gives vectors of length 1', async () => {
      const { vectors } = await embed({ input: 'a green frog' });
      const length = Math.hypot(...(vectors[0] ?? []));
      expect(length).toBeCloseTo(1, 4);
    });

    it('takes token arrays', async () => {
      const one = await embed({ input: [300, 301, 302] });
      const two = await embed({ input: [[300, 301, 302], [303]] });
      expect(two.vectors).toHaveLength(2);
      expectClose(two.vectors[0], one.vectors[0]);
    });

    it('refuses an input longer than the context', async () => {
      const input = 'a long word '.repeat(subject.offer.contextLength ?? 8192);
      await expect(embed({ input })).rejects.toMatchObject({ code: 'invalid-request', data: { param: 'input' } });
    });

    it('refuses dimensions it cannot give, by name', async () => {
      await expect(embed({ input: 'a green frog', dimensions: 1_000_000 })).rejects.toMatchObject({
        code: 'invalid-request',
        data: { param: 'dimensions' },
      });
    });
  });
}

type Vector = readonly number[] | Float32Array | undefined;

function expectClose(actual: Vector, expected: Vector): void {
  expect(actual?.length).toBe(expected?.length);
  const distance = Math.hypot(...[...(actual ?? [])].map((value, index) => value - (expected?.[index] ?? 0)));
  expect(distance).toBeLessThan(1e-3);
}
