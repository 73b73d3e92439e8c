import { describe, expect, it } from 'vitest';
import type { ModelFile } from '../library/model-file.ts';
import { planModel } from './model-plan.ts';

const gibibyte = 2 ** 30;
const limits = { slots: 8, contextCap: 8192, threads: 4, lanes: 2, budgetBytes: 16 * gibibyte };

function model(fields: Partial<ModelFile>): ModelFile {
  return {
    name: 'test',
    path: '/models/test.gguf',
    sizeBytes: 10_000_000,
    modality: 'chat',
    capabilities: [],
    trainedContextLength: 131_072,
    cacheBytesPerToken: 8192,
    embeddingLength: 256,
    created: 0,
    ...fields,
  };
}

describe('planModel', () => {
  it('gives a tiny model lanes of one thread', () => {
    expect(planModel(model({}), limits)).toMatchObject({ slots: 8, lanes: 2, threads: 1, contextLength: 8192 });
  });

  it('gives a large model one lane, all threads and fewer slots', () => {
    const large = model({ sizeBytes: 5 * gibibyte, cacheBytesPerToken: 131_072 });
    expect(planModel(large, limits)).toMatchObject({ slots: 4, lanes: 1, threads: 4 });
  });

  it('gives up slots before context', () => {
    const large = model({ sizeBytes: 9 * gibibyte, cacheBytesPerToken: 131_072 });
    const { slots, contextLength } = planModel(large, { ...limits, budgetBytes: 10.5 * gibibyte });
    expect({ slots, contextLength }).toEqual({ slots: 1, contextLength: 8192 });
  });

  it('never plans a longer context than the model was trained for', () => {
    expect(planModel(model({ trainedContextLength: 1024 }), limits).contextLength).toBe(1024);
  });

  it('says what a model needs that can never fit', () => {
    const huge = model({ sizeBytes: 40 * gibibyte });
    expect(() => planModel(huge, limits)).toThrowError(
      expect.objectContaining({ code: 'no-capacity', message: expect.stringMatching(/40\.\d+ GiB.*16\.00 GiB/) }),
    );
  });
});
