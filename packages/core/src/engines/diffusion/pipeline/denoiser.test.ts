import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OnnxGraph } from '../__fixtures__/onnx-builder.ts';
import { onnxFile } from '../__fixtures__/onnx-builder.ts';
import { temporaryFolder, tinyDecoder, tinyDenoiser } from '../__fixtures__/tiny-model.ts';
import { type Conditioning, Denoiser } from './denoiser.ts';
import { guidanceEmbedding } from './guidance-embedding.ts';
import type { EncodedPrompt } from './text-encoder.ts';

const options = { threads: 1, executionProviders: ['cpu'] };
const latent = [4, 2, 2];
const sample = new Float32Array(16).fill(2);

describe('a denoiser', () => {
  it('is told the sample, the timestep and what the prompt means', async () => {
    const said = await predict(tinyDenoiser(), 500, { ...plain, prompt: prompt(0.25) });
    expect(said).toHaveLength(16);
    expect(said[0]).toBeCloseTo(1 + 0.25 + 0.0005, 6);
  });

  it('is steered away from the negative prompt, in one run for both', async () => {
    const given = { ...plain, prompt: prompt(0.5), negative: prompt(0.1), guidance: 3 };
    const said = await predict(tinyDenoiser(), 0, given);
    expect(said).toHaveLength(16);
    expect(said[0]).toBeCloseTo(1 + 0.1 + 3 * (0.5 - 0.1), 6);
  });

  it('of SDXL is also told the pooled prompt and the size of the picture', async () => {
    const given = { ...plain, prompt: prompt(0.25, 0.125), width: 600, height: 300 };
    const said = await predict(tinyDenoiser({ xl: true }), 0, given);
    expect(said[0]).toBeCloseTo(1 + 0.25 + 0.125 + ((300 + 600) * 2 * 1e-6) / 6, 6);
  });

  it('in half precision gets halves and answers singles', async () => {
    const said = await predict(tinyDenoiser({ half: true }), 0, { ...plain, prompt: prompt(0.25) });
    expect(said).toBeInstanceOf(Float32Array);
    expect(said[0]).toBe(1.25);
  });

  it('distilled with guidance gets its strength as a vector and runs once', async () => {
    const said = await predict(guidedDenoiser, 0, { ...plain, guidance: 8.5 });
    const embedding = guidanceEmbedding(8.5, 4);
    expect(said[0]).toBeCloseTo(2 + embedding.reduce((total, value) => total + value, 0) / 4, 5);
  });

  it('without an input it must have is refused by its name', async () => {
    await expect(predict(tinyDecoder(), 0, plain)).rejects.toThrow(/no input "sample"/);
  });
});

describe('the vector for the strength of guidance', () => {
  it('is sines, then cosines, of 7500 at falling frequencies for 8.5', () => {
    const vector = guidanceEmbedding(8.5, 4);
    const expected = [Math.sin(7500), Math.sin(0.75), Math.cos(7500), Math.cos(0.75)];
    for (const [index, value] of expected.entries()) expect(vector[index]).toBeCloseTo(value, 5);
  });
});

const plain: Conditioning = { prompt: prompt(0), guidance: 1, width: 2, height: 2 };

const guidedDenoiser: OnnxGraph = {
  inputs: [
    { name: 'sample', type: 'float', shape: ['batch', 4, 'height', 'width'] },
    { name: 'timestep', type: 'float', shape: ['batch'] },
    { name: 'encoder_hidden_states', type: 'float', shape: ['batch', 'tokens', 'states'] },
    { name: 'timestep_cond', type: 'float', shape: ['batch', 4] },
  ],
  outputs: [{ name: 'out_sample', type: 'float', shape: ['batch', 4, 'height', 'width'] }],
  nodes: [
    { op: 'ReduceMean', inputs: ['timestep_cond'], output: 'mean', attributes: { axes: [0, 1], keepdims: 0 } },
    { op: 'Add', inputs: ['sample', 'mean'], output: 'out_sample' },
  ],
};

function prompt(mean: number, pooled?: number): EncodedPrompt {
  const states = { data: new Float32Array(8).fill(mean), shape: [1, 2, 4] };
  return pooled === undefined
    ? { states }
    : { states, pooled: { data: new Float32Array(4).fill(pooled), shape: [1, 4] } };
}

async function predict(graph: OnnxGraph, timestep: number, given: Conditioning): Promise<Float32Array> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'model.onnx');
  await writeFile(path, onnxFile(graph));
  const denoiser = await Denoiser.open(path, options);
  const said = await denoiser.predict(sample, latent, timestep, given);
  await denoiser.close();
  return said;
}
