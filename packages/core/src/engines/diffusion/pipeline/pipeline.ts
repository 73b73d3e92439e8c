import type { DiffusionModel } from '../diffusion-model.ts';
import type { Drawing } from '../drawing.ts';
import { createScheduler } from '../schedulers/create-scheduler.ts';
import { type Conditioning, Denoiser } from './denoiser.ts';
import { type Frames, toFrames } from './frames.ts';
import { OnnxModel, type OnnxOptions } from './onnx-model.ts';
import { PromptEncoder } from './prompt-encoder.ts';
import { seededNormals } from './seeded-normals.ts';

export interface DrawHooks {
  /** Checked between steps. */
  readonly signal: AbortSignal;
  /** Called after each step; the decoding counts as the last one. */
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * An opened model that draws:
 *
 * ```
 * prompt ─► text encoder ─► states ─┐
 * seed ─► noise ─► scheduler ─► denoiser ─► scheduler ─► … ─► decoder ─► frames
 * ```
 *
 * Calls block the thread while a network runs; one drawing at a time. Whoever opens it closes it.
 */
export class Pipeline {
  readonly #model: DiffusionModel;
  readonly #prompts: PromptEncoder;
  readonly #denoiser: Denoiser;
  readonly #decoder: OnnxModel;

  private constructor(model: DiffusionModel, prompts: PromptEncoder, denoiser: Denoiser, decoder: OnnxModel) {
    this.#model = model;
    this.#prompts = prompts;
    this.#denoiser = denoiser;
    this.#decoder = decoder;
  }

  /** @throws BrokenFile; what was opened by then is freed with the thread. */
  static async open(model: DiffusionModel, options: OnnxOptions): Promise<Pipeline> {
    const prompts = await PromptEncoder.open(model, options);
    const denoiser = await Denoiser.open(model.denoiserPath, options);
    return new Pipeline(model, prompts, denoiser, await OnnxModel.open(model.decoderPath, options));
  }

  /**
   * Draws frames of at least the wanted size and shape: a model with one size only draws that one.
   *
   * @throws `signal.reason` when it aborts, an `Error` where the model gives numbers that make no picture.
   */
  async draw(drawing: Drawing, { signal, onProgress }: DrawHooks): Promise<Frames> {
    const grid = this.#latentGrid(drawing);
    const given = await this.#condition(drawing, grid);
    const scheduler = createScheduler(this.#model.scheduler, drawing.steps);
    const latent = [this.#model.latentChannels * this.#model.frames, grid.height, grid.width];
    const normals = seededNormals(drawing.seed);
    const noise = () => this.#noise(normals, grid);
    let sample: Float32Array = noise().map((value) => value * scheduler.initialNoiseSigma);
    const total = scheduler.timesteps.length + 1;
    for (const [step, timestep] of scheduler.timesteps.entries()) {
      signal.throwIfAborted();
      const output = await this.#denoiser.predict(scheduler.scaleInput(sample, step), latent, timestep, given);
      sample = scheduler.next(sample, output, step, noise);
      if (!sample.every(Number.isFinite)) throw new Error(`step ${step + 1} gave numbers that are not finite`);
      onProgress(step + 1, total);
    }
    signal.throwIfAborted();
    const frames = await this.#decode(sample, grid);
    onProgress(total, total);
    return frames;
  }

  async close(): Promise<void> {
    await this.#prompts.close();
    await this.#denoiser.close();
    await this.#decoder.close();
  }

  #latentGrid({ width, height }: Drawing): { width: number; height: number } {
    const side = this.#model.pixelsPerLatent;
    return this.#denoiser.fixedSize ?? { width: Math.ceil(width / side), height: Math.ceil(height / side) };
  }

  async #condition(drawing: Drawing, grid: { width: number; height: number }): Promise<Conditioning> {
    const prompt = await this.#prompts.encode(drawing.prompt);
    const side = this.#model.pixelsPerLatent;
    const given = { prompt, guidance: drawing.guidance, width: grid.width * side, height: grid.height * side };
    const twice = drawing.guidance > 1 && !this.#denoiser.takesGuidance;
    return twice ? { ...given, negative: await this.#prompts.encodeNegative(drawing.negativePrompt) } : given;
  }

  #noise(normals: (count: number) => Float32Array, grid: { width: number; height: number }): Float32Array {
    const { frames, latentChannels, sharedNoise } = this.#model;
    const perFrame = latentChannels * grid.width * grid.height;
    if (!sharedNoise) return normals(perFrame * frames);
    const first = normals(perFrame);
    const all = new Float32Array(perFrame * frames);
    for (let frame = 0; frame < frames; frame++) all.set(first, frame * perFrame);
    return all;
  }

  async #decode(sample: Float32Array, grid: { width: number; height: number }): Promise<Frames> {
    const { frames, latentChannels, latentScale, pixelsPerLatent } = this.#model;
    const [input = 'latent_sample'] = this.#decoder.inputNames;
    const data = sample.map((value) => value / latentScale);
    const outputs = await this.#decoder.run({
      [input]: { data, shape: [frames, latentChannels, grid.height, grid.width] },
    });
    const [decoded] = outputs.values();
    if (!decoded) throw new Error('vae_decoder/model.onnx has no output of floats');
    return toFrames(decoded.data, frames, grid.width * pixelsPerLatent, grid.height * pixelsPerLatent);
  }
}
