import type { TextEncoderFiles } from '../diffusion-model.ts';
import { loadPromptTokenizer, type PromptTokenizer } from '../tokenizer/prompt-tokenizer.ts';
import { opening } from './broken-file.ts';
import { OnnxModel, type OnnxOptions, type Values } from './onnx-model.ts';

/** What a prompt means to the denoiser. */
export interface EncodedPrompt {
  /** [1, tokens, width]. */
  readonly states: Values;
  /** SDXL: the whole prompt as one vector, [1, width]. */
  readonly pooled?: Values;
}

/** A tokenizer and its text encoder. */
export class TextEncoder {
  readonly #tokenizer: PromptTokenizer;
  readonly #model: OnnxModel;

  private constructor(tokenizer: PromptTokenizer, model: OnnxModel) {
    this.#tokenizer = tokenizer;
    this.#model = model;
  }

  /** @throws BrokenFile */
  static async open(files: TextEncoderFiles, options: OnnxOptions): Promise<TextEncoder> {
    const folder = files.tokenizerFolder;
    const tokenizer = await opening(folder, loadPromptTokenizer(folder, files.maxTokens));
    return new TextEncoder(tokenizer, await OnnxModel.open(files.modelPath, options));
  }

  /**
   * @param penultimate whether to take the layer before the last, as SDXL was trained with.
   * @throws Error where the model has no output of that name.
   */
  async encode(prompt: string, penultimate: boolean): Promise<EncodedPrompt> {
    const ids = this.#tokenizer.encode(prompt);
    const outputs = await this.#model.run({ input_ids: { data: Float32Array.from(ids), shape: [1, ids.length] } });
    const name = penultimate ? penultimateLayer(this.#model.outputNames) : 'last_hidden_state';
    const states = outputs.get(name);
    if (!states) throw new Error(`the text encoder has no output "${name}"`);
    const pooled = outputs.get('text_embeds');
    return pooled ? { states, pooled } : { states };
  }

  close(): Promise<void> {
    return this.#model.close();
  }
}

/** Exports name the layers `hidden_states.0` to `hidden_states.N`. */
function penultimateLayer(names: readonly string[]): string {
  const layers = names.filter((name) => name.startsWith('hidden_states.'));
  return `hidden_states.${layers.length - 2}`;
}
