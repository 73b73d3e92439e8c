import { GatewayError } from '../../errors/gateway-error.ts';
import { type FolderModelName, formatModelName } from '../model-name.ts';
import type { RepositoryFile } from './repository-files.ts';

/** A folder of files an engine reads: diffusers' ONNX export for drawing, Kokoro's for speech. */
export type FolderLayout = 'diffusers' | 'kokoro';

export interface ChosenFiles {
  readonly layout: FolderLayout;
  /** Name of the folder in the models folder. Engines name a model after it. */
  readonly directory: string;
  readonly files: readonly RepositoryFile[];
}

const maxFiles = 200;
const maxDirectoryLength = 120;

const license = /^license(\.(md|txt))?$/i;

/** What the diffusion engine reads: no safetensors, no picture encoder, no safety checker, no second precision. */
const diffusersFiles = [
  license,
  /^model_index\.json$/,
  /^scheduler\/scheduler_config\.json$/,
  /^tokenizer(_2)?\/\w[\w.-]*\.(json|txt)$/,
  /^(text_encoder(_2)?|unet|vae_decoder)\/(config\.json|model\.onnx|model\.onnx[._]data(_\d+)?|\w[\w.-]*\.pb)$/,
];
const diffusersNeeds = [
  'scheduler/scheduler_config.json',
  'text_encoder/model.onnx',
  'unet/model.onnx',
  'vae_decoder/model.onnx',
];

/** What the speech engine reads, of all voices the four it has names for. */
const kokoroVoices = ['af_heart', 'am_puck', 'am_fenrir', 'af_bella'].map((voice) => `voices/${voice}.bin`);
const kokoroNeeds = ['config.json', 'tokenizer.json', ...kokoroVoices];
/** First choice first, as the speech engine chooses. */
const kokoroModels = ['model', 'model_fp16', 'model_q8f16', 'model_quantized', 'model_uint8'].map(
  (model) => `onnx/${model}.onnx`,
);

/**
 * Chooses the files of a repository that an engine of ours reads.
 *
 * @throws GatewayError `not-found` when they are no model that Anura can run · `engine-failed` for names no folder can hold.
 */
export function chooseFiles(name: FolderModelName, files: readonly RepositoryFile[]): ChosenFiles {
  const chosen = chooseLayout(name, files);
  if (chosen.files.length > maxFiles) throw unusable(name, 'it has too many files to be one model');
  checkNames(name, chosen.files);
  return chosen;
}

function chooseLayout(name: FolderModelName, files: readonly RepositoryFile[]): ChosenFiles {
  const paths = new Set(files.map(({ path }) => path));
  if (paths.has('model_index.json')) return chooseDiffusers(name, files, paths);
  if (paths.has('voices/af_heart.bin')) return chooseKokoro(name, files, paths);
  const { owner, repository } = name;
  throw new GatewayError(
    'not-found',
    `${formatModelName(name)} holds neither a diffusers model nor Kokoro. A GGUF model is pulled as hf.co/${owner}/${repository}:QUANTIZATION.`,
  );
}

function chooseDiffusers(
  name: FolderModelName,
  files: readonly RepositoryFile[],
  paths: ReadonlySet<string>,
): ChosenFiles {
  requireAll(name, diffusersNeeds, paths);
  const chosen = files.filter(({ path }) => diffusersFiles.some((pattern) => pattern.test(path)));
  return { layout: 'diffusers', directory: directoryOf(name), files: chosen };
}

function chooseKokoro(
  name: FolderModelName,
  files: readonly RepositoryFile[],
  paths: ReadonlySet<string>,
): ChosenFiles {
  const model = kokoroModels.find((path) => paths.has(path)) ?? 'onnx/model.onnx';
  const needs = [...kokoroNeeds, model];
  requireAll(name, needs, paths);
  const chosen = files.filter(({ path }) => license.test(path) || needs.includes(path));
  return { layout: 'kokoro', directory: 'kokoro', files: chosen };
}

function requireAll(name: FolderModelName, needs: readonly string[], paths: ReadonlySet<string>): void {
  const missing = needs.find((path) => !paths.has(path));
  if (missing === undefined) return;
  throw new GatewayError(
    'not-found',
    `${formatModelName(name)} has no ONNX export that Anura can run: ${missing} is missing.`,
  );
}

/** `hf:owner/frog-onnx` lies in `frog-onnx`, its folder `small/v2` in `frog-onnx-small-v2`. */
function directoryOf(name: FolderModelName): string {
  const directory = [name.repository, ...(name.folder?.split('/') ?? [])].join('-');
  if (directory.length > maxDirectoryLength) throw unusable(name, 'its name is too long for a folder');
  return directory;
}

/** Names that are the same where capitals do not count, and files that are folders too, cannot lie in one folder. */
function checkNames(name: FolderModelName, files: readonly RepositoryFile[]): void {
  const paths = new Set(files.map(({ path }) => path.toLowerCase()));
  const clashes = [...paths].some((path) => paths.has(path.slice(0, path.lastIndexOf('/'))));
  if (paths.size < files.length || clashes) throw unusable(name, 'two of its files have one name');
}

function unusable(name: FolderModelName, reason: string): GatewayError {
  return new GatewayError('engine-failed', `${formatModelName(name)} cannot be pulled: ${reason}.`);
}
