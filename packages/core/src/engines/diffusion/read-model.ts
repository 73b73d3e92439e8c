import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DiffusionModel, DrawingLimits, TextEncoderFiles } from './diffusion-model.ts';
import { brokenModel, ModelFiles } from './model-files.ts';
import { mostSteps } from './schedulers/create-scheduler.ts';
import { readSchedulerConfig, type SchedulerConfig } from './schedulers/scheduler-config.ts';

const index = z.looseObject({
  _class_name: z.string().default(''),
  _name_or_path: z.string().default(''),
  force_zeros_for_empty_prompt: z.boolean().default(false),
  /** Ours: what diffusers has no place for. */
  anura: z
    .looseObject({
      frames: z.int().min(1).max(512).default(1),
      fps: z.number().positive().max(120).default(8),
      shared_noise: z.boolean().default(false),
      width: z.int().positive().optional(),
      height: z.int().positive().optional(),
      steps: z.int().positive().optional(),
      guidance_scale: z.number().min(0).optional(),
    })
    .prefault({}),
});

const denoiserConfig = z.looseObject({
  sample_size: z.int().positive().default(64),
  in_channels: z.int().positive().default(4),
  /** Set where the denoiser takes the strength of guidance as an input. */
  time_cond_proj_dim: z.int().positive().nullish(),
});

const decoderConfig = z.looseObject({
  scaling_factor: z.number().positive().optional(),
  block_out_channels: z.array(z.number()).min(1).default([128, 256, 512, 512]),
});

const textEncoderConfig = z.looseObject({ max_position_embeddings: z.int().positive().default(77) });

const anyJson = z.unknown();

/**
 * Reads a model in diffusers' ONNX layout: Stable Diffusion 1, 2, Turbo, LCM and XL, and the bundled models. Weights are
 * looked for, not opened.
 *
 * @throws GatewayError `engine-failed` naming the file that is missing or wrong.
 */
export async function readModel(name: string, folder: string): Promise<DiffusionModel> {
  const files = new ModelFiles(name, folder);
  const about = await files.json('model_index.json', index);
  const scheduler = readSchedulerConfig(await files.json('scheduler/scheduler_config.json', anyJson));
  const denoiser = await files.require('unet/model.onnx');
  const decoder = await files.require('vae_decoder/model.onnx');
  const unet = await files.optionalJson('unet/config.json', denoiserConfig);
  const vae = await files.optionalJson('vae_decoder/config.json', decoderConfig);
  const textEncoders = await readTextEncoders(name, folder, files);
  const { anura } = about;
  if (unet.in_channels % anura.frames !== 0) {
    throw brokenModel(
      name,
      `${anura.frames} frames do not divide the ${unet.in_channels} channels of unet/config.json`,
    );
  }
  const pixelsPerLatent = 2 ** (vae.block_out_channels.length - 1);
  const width = anura.width ?? unet.sample_size * pixelsPerLatent;
  const height = anura.height ?? unet.sample_size * pixelsPerLatent;
  const usual = usualSettings(scheduler, `${about._name_or_path} ${name}`, Boolean(unet.time_cond_proj_dim));
  return {
    name,
    folder,
    textEncoders,
    denoiserPath: denoiser.path,
    decoderPath: decoder.path,
    scheduler,
    width,
    height,
    frames: anura.frames,
    framesPerSecond: anura.fps,
    sharedNoise: anura.shared_noise,
    latentChannels: unet.in_channels / anura.frames,
    pixelsPerLatent,
    latentScale: vae.scaling_factor ?? (textEncoders.length === 2 ? 0.13025 : 0.18215),
    zeroEmptyPrompt: about.force_zeros_for_empty_prompt,
    defaultSteps: Math.min(anura.steps ?? usual.steps, mostSteps(scheduler)),
    defaultGuidance: anura.guidance_scale ?? usual.guidance,
    limits: drawingLimits(scheduler, Math.max(width, height)),
    weightsBytes: await weightsBytes(folder),
    createdSeconds: Math.floor((await stat(join(folder, 'model_index.json'))).mtimeMs / 1000),
  };
}

async function readTextEncoders(name: string, folder: string, files: ModelFiles): Promise<TextEncoderFiles[]> {
  const present = await readdir(folder);
  const suffixes = present.includes('text_encoder_2') ? ['', '_2'] : [''];
  return Promise.all(suffixes.map((suffix) => readTextEncoder(name, folder, files, suffix)));
}

async function readTextEncoder(
  name: string,
  folder: string,
  files: ModelFiles,
  suffix: string,
): Promise<TextEncoderFiles> {
  const model = await files.require(`text_encoder${suffix}/model.onnx`);
  const config = await files.optionalJson(`text_encoder${suffix}/config.json`, textEncoderConfig);
  const tokenizer = `tokenizer${suffix}`;
  const fast = await files.sizeOf(`${tokenizer}/tokenizer.json`);
  const slow = (await files.sizeOf(`${tokenizer}/vocab.json`)) * (await files.sizeOf(`${tokenizer}/merges.txt`));
  if (!fast && !slow)
    throw brokenModel(name, `${tokenizer}/tokenizer.json is missing, and so are vocab.json and merges.txt`);
  return {
    modelPath: model.path,
    tokenizerFolder: join(folder, tokenizer),
    maxTokens: config.max_position_embeddings,
  };
}

/** What the makers of such models advise; the models' own files do not say it. */
function usualSettings(scheduler: SchedulerConfig, names: string, takesGuidance: boolean) {
  if (scheduler.kind === 'lcm') return { steps: 4, guidance: takesGuidance ? 8.5 : 1 };
  if (/turbo/i.test(names)) return { steps: 1, guidance: 0 };
  return { steps: 25, guidance: 7.5 };
}

function drawingLimits(scheduler: SchedulerConfig, nativeSide: number): DrawingLimits {
  return {
    promptCharacters: 1000,
    mostSteps: Math.min(150, mostSteps(scheduler)),
    smallestSide: 64,
    largestSide: Math.max(1024, Math.floor(nativeSide * 1.5)),
    largestGuidance: 30,
  };
}

/** The parts that are loaded, with the weights ONNX keeps in files beside the graph. */
async function weightsBytes(folder: string): Promise<number> {
  const parts = (await readdir(folder)).filter((part) => /^(text_encoder(_2)?|unet|vae_decoder)$/.test(part));
  const sizes = await Promise.all(parts.map((part) => folderBytes(join(folder, part))));
  return sizes.reduce((total, size) => total + size, 0);
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((total, size) => total + size, 0);
}
