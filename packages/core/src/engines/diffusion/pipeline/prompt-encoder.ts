import type { DiffusionModel } from '../diffusion-model.ts';
import type { OnnxOptions, Values } from './onnx-model.ts';
import { type EncodedPrompt, TextEncoder } from './text-encoder.ts';

/** All the text encoders of a model, one or two. */
export class PromptEncoder {
  readonly #encoders: readonly TextEncoder[];
  readonly #zeroEmpty: boolean;

  private constructor(encoders: readonly TextEncoder[], zeroEmpty: boolean) {
    this.#encoders = encoders;
    this.#zeroEmpty = zeroEmpty;
  }

  static async open(model: DiffusionModel, options: OnnxOptions): Promise<PromptEncoder> {
    const encoders: TextEncoder[] = [];
    for (const files of model.textEncoders) encoders.push(await TextEncoder.open(files, options));
    return new PromptEncoder(encoders, model.zeroEmptyPrompt);
  }

  async encode(prompt: string): Promise<EncodedPrompt> {
    const penultimate = this.#encoders.length > 1;
    const parts: EncodedPrompt[] = [];
    for (const encoder of this.#encoders) parts.push(await encoder.encode(prompt, penultimate));
    const states = joinWidths(parts.map((part) => part.states));
    const pooled = parts.at(-1)?.pooled;
    return pooled ? { states, pooled } : { states };
  }

  /** What the picture should keep away from; zeros where nothing is named and the model was trained so. */
  async encodeNegative(prompt: string): Promise<EncodedPrompt> {
    const encoded = await this.encode(prompt);
    if (prompt !== '' || !this.#zeroEmpty) return encoded;
    const states = zeros(encoded.states);
    return encoded.pooled ? { states, pooled: zeros(encoded.pooled) } : { states };
  }

  async close(): Promise<void> {
    for (const encoder of this.#encoders) await encoder.close();
  }
}

/** Joins [1, tokens, a] and [1, tokens, b] to [1, tokens, a + b]. */
function joinWidths(parts: readonly Values[]): Values {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const tokens = first?.shape[1] ?? 0;
  const widths = parts.map((part) => part.shape[2] ?? 0);
  const width = widths.reduce((total, each) => total + each, 0);
  const data = new Float32Array(tokens * width);
  for (let token = 0; token < tokens; token++) {
    let at = token * width;
    for (const [index, part] of parts.entries()) {
      const size = widths[index] ?? 0;
      data.set(part.data.subarray(token * size, (token + 1) * size), at);
      at += size;
    }
  }
  return { data, shape: [1, tokens, width] };
}

function zeros({ data, shape }: Values): Values {
  return { data: new Float32Array(data.length), shape };
}
