/** One input as `/object_info` tells it: its type or its choices, and its bounds. */
export type InputSpec = readonly [type: string | readonly string[], options?: InputOptions];

interface InputOptions {
  readonly default?: unknown;
  readonly min?: number;
  readonly max?: number;
  /** The choices where the type is `COMBO`, as newer nodes tell them. */
  readonly options?: readonly string[];
}

export interface NodeClass {
  readonly required: Readonly<Record<string, InputSpec>>;
  readonly optional?: Readonly<Record<string, InputSpec>>;
  readonly outputs: readonly string[];
  readonly isOutput?: true;
}

/** The model files that lie on the server, by folder. */
export interface ModelFiles {
  readonly checkpoints: readonly string[];
  readonly diffusion_models: readonly string[];
  readonly text_encoders: readonly string[];
  readonly vae: readonly string[];
}

export const defaultModelFiles: ModelFiles = {
  checkpoints: ['sd_xl_turbo_1.0_fp16.safetensors'],
  diffusion_models: ['wan2.1_t2v_1.3B_fp16.safetensors'],
  text_encoders: ['umt5_xxl_fp8_e4m3fn_scaled.safetensors'],
  vae: ['wan_2.1_vae.safetensors'],
};

const side: InputSpec = ['INT', { default: 512, min: 16, max: 16384 }];
const batch: InputSpec = ['INT', { default: 1, min: 1, max: 4096 }];
const seed: InputSpec = ['INT', { default: 0, min: 0, max: Number.MAX_SAFE_INTEGER }];
const steps: InputSpec = ['INT', { default: 20, min: 1, max: 10_000 }];
const cfg: InputSpec = ['FLOAT', { default: 8, min: 0, max: 100 }];
const denoise: InputSpec = ['FLOAT', { default: 1, min: 0, max: 1 }];
const samplers: InputSpec = [['euler', 'euler_ancestral', 'lcm', 'uni_pc']];
const guided = { positive: ['CONDITIONING'], negative: ['CONDITIONING'], latent_image: ['LATENT'] } as const;

/** Those of ComfyUI's nodes that the fake knows, with ComfyUI's own inputs and outputs. */
export function nodeClasses(files: ModelFiles): Readonly<Record<string, NodeClass>> {
  return {
    CheckpointLoaderSimple: { required: { ckpt_name: [files.checkpoints] }, outputs: ['MODEL', 'CLIP', 'VAE'] },
    UNETLoader: {
      required: { unet_name: [files.diffusion_models], weight_dtype: [['default', 'fp8_e4m3fn']] },
      outputs: ['MODEL'],
    },
    CLIPLoader: {
      required: { clip_name: [files.text_encoders], type: ['COMBO', { options: ['sd3', 'wan'] }] },
      optional: { device: [['default', 'cpu']] },
      outputs: ['CLIP'],
    },
    VAELoader: { required: { vae_name: [files.vae] }, outputs: ['VAE'] },
    CLIPTextEncode: { required: { text: ['STRING'], clip: ['CLIP'] }, outputs: ['CONDITIONING'] },
    EmptyLatentImage: { required: { width: side, height: side, batch_size: batch }, outputs: ['LATENT'] },
    EmptyHunyuanLatentVideo: {
      required: { width: side, height: side, length: ['INT', { min: 1, max: 16384 }], batch_size: batch },
      outputs: ['LATENT'],
    },
    ModelSamplingSD3: { required: { model: ['MODEL'], shift: ['FLOAT', { min: 0, max: 100 }] }, outputs: ['MODEL'] },
    SDTurboScheduler: {
      required: { model: ['MODEL'], steps: ['INT', { min: 1, max: 10 }], denoise },
      outputs: ['SIGMAS'],
    },
    KSamplerSelect: { required: { sampler_name: samplers }, outputs: ['SAMPLER'] },
    KSampler: {
      required: {
        ...{ model: ['MODEL'], seed, steps, cfg, sampler_name: samplers },
        ...{ scheduler: [['normal', 'simple', 'karras']], denoise, ...guided },
      },
      outputs: ['LATENT'],
    },
    SamplerCustom: {
      required: {
        ...{ model: ['MODEL'], add_noise: ['BOOLEAN'], noise_seed: seed, cfg },
        ...{ sampler: ['SAMPLER'], sigmas: ['SIGMAS'], ...guided },
      },
      outputs: ['LATENT', 'LATENT'],
    },
    VAEDecode: { required: { samples: ['LATENT'], vae: ['VAE'] }, outputs: ['IMAGE'] },
    SaveImage: { required: { images: ['IMAGE'], filename_prefix: ['STRING'] }, outputs: [], isOutput: true },
    PreviewImage: { required: { images: ['IMAGE'] }, outputs: [], isOutput: true },
    SaveAnimatedWEBP: {
      required: {
        ...{ images: ['IMAGE'], filename_prefix: ['STRING'], fps: ['FLOAT', { min: 0.01, max: 1000 }] },
        ...{
          lossless: ['BOOLEAN'],
          quality: ['INT', { min: 0, max: 100 }],
          method: [['default', 'fastest', 'slowest']],
        },
      },
      outputs: [],
      isOutput: true,
    },
  };
}

/** A class as `/object_info` describes it. */
export function describeClass(name: string, { required, optional, outputs, isOutput }: NodeClass) {
  return {
    input: { required, ...(optional && { optional }) },
    input_order: { required: Object.keys(required), ...(optional && { optional: Object.keys(optional) }) },
    output: outputs,
    output_is_list: outputs.map(() => false),
    output_name: outputs,
    name,
    display_name: name,
    description: '',
    python_module: 'nodes',
    category: 'fake',
    output_node: isOutput === true,
  };
}
