import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { elementType, type OnnxGraph, type OnnxNode, onnxFile, type TensorInfo } from './onnx-builder.ts';

const tokens = 8;

export interface TinyModelOptions {
  /** Default `tiny`. */
  readonly name?: string;
  /** Two text encoders, pooled states and time ids. Default false. */
  readonly xl?: boolean;
  readonly schedulerConfig?: object;
  /** Added to `model_index.json`. */
  readonly index?: object;
  /** What the denoiser is; default `tinyDenoiser`. */
  readonly denoiser?: OnnxGraph;
  readonly decoder?: OnnxGraph;
}

/** A folder that is removed with what is in it: `await using folder = await temporaryFolder()`. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'anura-diffusion-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Writes a model in diffusers' layout that draws coloured noise of 64 × 64 pixels, one pixel a latent, any other size too.
 *
 * @returns its folder, below `parent`.
 */
export async function writeTinyModel(parent: string, options: TinyModelOptions = {}): Promise<string> {
  const { name = 'tiny', xl = false } = options;
  const folder = join(parent, name);
  const file = (path: string, content: string | Uint8Array | object) => write(join(folder, path), content);
  await file('model_index.json', { _class_name: 'OnnxStableDiffusionPipeline', ...options.index });
  await file('scheduler/scheduler_config.json', options.schedulerConfig ?? { _class_name: 'DDIMScheduler' });
  await file('unet/config.json', { sample_size: 64, in_channels: 4 });
  await file('unet/model.onnx', onnxFile(options.denoiser ?? tinyDenoiser({ xl })));
  await file('vae_decoder/config.json', { scaling_factor: 1, block_out_channels: [8] });
  await file('vae_decoder/model.onnx', onnxFile(options.decoder ?? tinyDecoder()));
  for (const suffix of xl ? ['', '_2'] : ['']) {
    await file(`text_encoder${suffix}/config.json`, { max_position_embeddings: tokens });
    await file(`text_encoder${suffix}/model.onnx`, onnxFile(tinyTextEncoder(xl)));
    await writeClipTokenizer(join(folder, `tokenizer${suffix}`));
  }
  return folder;
}

/** CLIP's files with a vocabulary of a few letters: `a`, `b`, `ab` and `ab` at a word's end. */
export async function writeClipTokenizer(folder: string): Promise<void> {
  const pieces = ['!', 'a', 'b', 'a</w>', 'b</w>', 'ab</w>', 'ab', '<|startoftext|>', '<|endoftext|>'];
  await write(join(folder, 'vocab.json'), Object.fromEntries(pieces.map((piece, id) => [piece, id])));
  await write(join(folder, 'merges.txt'), '#version: 0.2\na b</w>\na b\n');
  await write(join(folder, 'tokenizer_config.json'), { model_max_length: tokens, pad_token: '!' });
}

/**
 * Says of each element: half the sample, plus the mean of the text states, plus a millionth of the timestep; with `xl` also
 * plus the mean of the pooled states and a millionth of the mean of the time ids.
 */
export function tinyDenoiser({ xl = false, half = false }: { xl?: boolean; half?: boolean } = {}): OnnxGraph {
  const type = half ? 'float16' : 'float';
  const sample: TensorInfo = { name: 'sample', type, shape: ['batch', 4, 'height', 'width'] };
  const extra: TensorInfo[] = [
    { name: 'text_embeds', type, shape: ['batch', 4] },
    { name: 'time_ids', type, shape: ['batch', 6] },
  ];
  return {
    inputs: [
      sample,
      { name: 'timestep', type: 'int64', shape: xl ? ['steps'] : [] },
      { name: 'encoder_hidden_states', type, shape: ['batch', 'tokens', 'states'] },
      ...(xl ? extra : []),
    ],
    outputs: [{ ...sample, name: 'out_sample' }],
    constants: { one_half: [0.5], millionth: [1e-6], as_picture: [-1n, 1n, 1n, 1n] },
    nodes: [
      toFloat('sample', 'noisy'),
      toFloat('encoder_hidden_states', 'states'),
      toFloat('timestep', 'time'),
      { op: 'Mul', inputs: ['noisy', 'one_half'], output: 'halved' },
      ...meanPerSample('states', [1, 2]),
      { op: 'Mul', inputs: ['time', 'millionth'], output: 'small_time' },
      { op: 'Add', inputs: ['halved', 'states_mean'], output: 'with_text' },
      { op: 'Add', inputs: ['with_text', 'small_time'], output: 'with_time' },
      ...(xl ? xlNodes : [{ op: 'Identity', inputs: ['with_time'], output: 'said' }]),
      { op: 'Cast', inputs: ['said'], output: 'out_sample', attributes: { to: elementType(type) } },
    ],
  };
}

const xlNodes: readonly OnnxNode[] = [
  toFloat('text_embeds', 'pooled'),
  toFloat('time_ids', 'sizes'),
  ...meanPerSample('pooled', [1]),
  ...meanPerSample('sizes', [1]),
  { op: 'Mul', inputs: ['sizes_mean', 'millionth'], output: 'small_sizes' },
  { op: 'Add', inputs: ['with_time', 'pooled_mean'], output: 'with_pooled' },
  { op: 'Add', inputs: ['with_pooled', 'small_sizes'], output: 'said' },
];

/** A denoiser that answers the square root of a negative number. */
export function brokenDenoiser(): OnnxGraph {
  const whole = tinyDenoiser();
  return {
    ...whole,
    nodes: [
      { op: 'Abs', inputs: ['sample'], output: 'size' },
      { op: 'Neg', inputs: ['size'], output: 'negative' },
      { op: 'Sqrt', inputs: ['negative'], output: 'out_sample' },
    ],
  };
}

/** The first three latents, as a picture; with `blank`, nothing of them. */
export function tinyDecoder({ blank = false }: { blank?: boolean } = {}): OnnxGraph {
  return {
    inputs: [{ name: 'latent_sample', type: 'float', shape: ['batch', 4, 'height', 'width'] }],
    outputs: [{ name: 'sample', type: 'float', shape: ['batch', 3, 'height', 'width'] }],
    constants: { from: [0n], to: [3n], axis: [1n], strength: [blank ? 0 : 1] },
    nodes: [
      { op: 'Slice', inputs: ['latent_sample', 'from', 'to', 'axis'], output: 'colours' },
      { op: 'Mul', inputs: ['colours', 'strength'], output: 'scaled' },
      { op: 'Tanh', inputs: ['scaled'], output: 'sample' },
    ],
  };
}

/** Four states a token: a hundredth of its id. With `xl`: layers that are that, twice that and three times that. */
function tinyTextEncoder(xl: boolean): OnnxGraph {
  const states = (name: string): TensorInfo => ({ name, type: 'float', shape: ['batch', 'tokens', 4] });
  const layer = (name: string, factor: string): OnnxNode => ({ op: 'Mul', inputs: ['ids', factor], output: name });
  const layers = ['hidden_states.0', 'hidden_states.1', 'hidden_states.2'];
  const plain = [layer('last_hidden_state', 'factor1')];
  const all = [
    ...layers.map((name, index) => layer(name, `factor${index + 1}`)),
    { op: 'ReduceMean', inputs: ['hidden_states.0'], output: 'text_embeds', attributes: { axes: [1], keepdims: 0 } },
  ];
  return {
    inputs: [{ name: 'input_ids', type: 'int64', shape: ['batch', 'tokens'] }],
    outputs: xl
      ? [{ name: 'text_embeds', type: 'float', shape: ['batch', 4] }, ...layers.map(states)]
      : [states('last_hidden_state')],
    constants: { last: [2n], factor1: four(0.01), factor2: four(0.02), factor3: four(0.03) },
    nodes: [
      toFloat('input_ids', 'numbers'),
      { op: 'Unsqueeze', inputs: ['numbers', 'last'], output: 'ids' },
      ...(xl ? all : plain),
    ],
  };
}

function four(value: number): number[] {
  return [value, value, value, value];
}

function toFloat(input: string, output: string): OnnxNode {
  return { op: 'Cast', inputs: [input], output, attributes: { to: elementType('float') } };
}

/** `name_mean`, [batch, 1, 1, 1]. */
function meanPerSample(name: string, axes: readonly number[]): OnnxNode[] {
  return [
    { op: 'ReduceMean', inputs: [name], output: `${name}_flat`, attributes: { axes } },
    { op: 'Reshape', inputs: [`${name}_flat`, 'as_picture'], output: `${name}_mean` },
  ];
}

async function write(path: string, content: string | Uint8Array | object): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const isRaw = typeof content === 'string' || content instanceof Uint8Array;
  await writeFile(path, isRaw ? content : JSON.stringify(content));
}
