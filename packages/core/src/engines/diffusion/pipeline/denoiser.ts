import { BrokenFile } from './broken-file.ts';
import { guidanceEmbedding } from './guidance-embedding.ts';
import { OnnxModel, type OnnxOptions, type Values } from './onnx-model.ts';
import type { EncodedPrompt } from './text-encoder.ts';

/** What stays the same for all steps of one drawing. */
export interface Conditioning {
  readonly prompt: EncodedPrompt;
  /** Where given, the denoiser also says what it would draw for this, and `guidance` moves away from it. */
  readonly negative?: EncodedPrompt;
  readonly guidance: number;
  /** Of the drawing, pixels. */
  readonly width: number;
  readonly height: number;
}

/** The network that says what of a noisy sample is noise: `unet/model.onnx`. */
export class Denoiser {
  readonly #model: OnnxModel;

  private constructor(model: OnnxModel) {
    this.#model = model;
  }

  /** @throws BrokenFile, also where the model lacks an input it must have. */
  static async open(path: string, options: OnnxOptions): Promise<Denoiser> {
    const model = await OnnxModel.open(path, options);
    const missing = ['sample', 'timestep', 'encoder_hidden_states'].find((name) => !model.input(name));
    if (!missing) return new Denoiser(model);
    await model.close();
    throw new BrokenFile(path, new Error(`it has no input "${missing}"`));
  }

  /** The only latent size it takes, or undefined where it takes any. */
  get fixedSize(): { width: number; height: number } | undefined {
    const [, , height, width] = this.#model.input('sample')?.shape ?? [];
    return typeof width === 'number' && typeof height === 'number' ? { width, height } : undefined;
  }

  /** Whether the strength of guidance is an input of its own, so that no second run is needed. */
  get takesGuidance(): boolean {
    return this.#model.input('timestep_cond') !== undefined;
  }

  /**
   * The prediction for one sample, [channels, height, width], steered.
   *
   * @throws Error where the model has no output.
   */
  async predict(
    sample: Float32Array,
    latent: readonly number[],
    timestep: number,
    given: Conditioning,
  ): Promise<Float32Array> {
    const batch = given.negative ? 2 : 1;
    const outputs = await this.#model.run({
      sample: { data: repeat(sample, batch), shape: [batch, ...latent] },
      timestep: this.#timestep(timestep, batch),
      ...this.#promptInputs(given, batch),
    });
    const [output] = outputs.values();
    if (!output) throw new Error('unet/model.onnx has no output of floats');
    return given.negative ? steer(output.data, given.guidance) : output.data;
  }

  close(): Promise<void> {
    return this.#model.close();
  }

  /** A scalar, one number for all, or one for each of the batch, as the export wants it. */
  #timestep(timestep: number, batch: number): Values {
    const shape = this.#model.input('timestep')?.shape ?? [];
    if (shape.length === 0) return { data: Float32Array.of(timestep), shape: [] };
    const perSample = shape[0] === this.#model.input('sample')?.shape[0];
    const count = perSample ? batch : 1;
    return { data: new Float32Array(count).fill(timestep), shape: [count] };
  }

  #promptInputs({ prompt, negative, guidance, width, height }: Conditioning, batch: number): Record<string, Values> {
    const inputs: Record<string, Values> = {
      encoder_hidden_states: negative ? stack(prompt.states, negative.states) : prompt.states,
    };
    if (prompt.pooled) inputs['text_embeds'] = negative?.pooled ? stack(prompt.pooled, negative.pooled) : prompt.pooled;
    if (this.#model.input('time_ids')) {
      const ids = Float32Array.of(height, width, 0, 0, height, width);
      inputs['time_ids'] = { data: repeat(ids, batch), shape: [batch, ids.length] };
    }
    const [, dimensions] = this.#model.input('timestep_cond')?.shape ?? [];
    if (this.takesGuidance) {
      const embedding = guidanceEmbedding(guidance, typeof dimensions === 'number' ? dimensions : 256);
      inputs['timestep_cond'] = { data: embedding, shape: [1, embedding.length] };
    }
    return inputs;
  }
}

/** Away from the negative prediction and through the prompted one. The batch holds the prompted one first. */
function steer(both: Float32Array, guidance: number): Float32Array {
  const length = both.length / 2;
  const negative = both.subarray(length);
  return both.subarray(0, length).map((prompted, index) => {
    const unwanted = negative[index] ?? 0;
    return unwanted + guidance * (prompted - unwanted);
  });
}

function repeat(data: Float32Array, times: number): Float32Array {
  const result = new Float32Array(data.length * times);
  for (let index = 0; index < times; index++) result.set(data, index * data.length);
  return result;
}

function stack(first: Values, second: Values): Values {
  const data = new Float32Array(first.data.length + second.data.length);
  data.set(first.data);
  data.set(second.data, first.data.length);
  return { data, shape: [2, ...first.shape.slice(1)] };
}
