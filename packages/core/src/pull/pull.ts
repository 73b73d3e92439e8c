import { GatewayError } from '../errors/gateway-error.ts';
import { describeModel, type ModelTexts } from './describe-model.ts';
import { freeDiskBytes } from './disk-error.ts';
import { installModel } from './install-model.ts';
import { lockPull } from './lock-pull.ts';
import type { Layer, ModelManifest } from './manifest.ts';
import { formatModelName, modelFileStem, parseModelName, type RegistryModelName } from './model-name.ts';
import { filesOf, planModel } from './model-plan.ts';
import { ModelsFolder } from './models-folder.ts';
import { stopped } from './network-error.ts';
import { obtainFiles } from './obtain-files.ts';
import { ProgressMeter, type PullProgress } from './progress-meter.ts';
import type { PullContext } from './pull-context.ts';
import { type PullLimits, pullLimits } from './pull-limits.ts';
import { RegistryClient } from './registry-client.ts';
import { registryOrigin } from './registry-origin.ts';
import { type RetryOptions, retrying } from './retrying.ts';
import type { ModelSidecar } from './sidecar.ts';

export interface PullOptions {
  /** Where models lie; made when it is not there. */
  readonly modelsDir: string;
  /** Address of the registry for names without a host. Default Ollama's. */
  readonly registry?: string;
  /** Stops the pull; what has arrived is kept and taken up by the next one. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PullProgress) => void;
  readonly limits?: Partial<PullLimits>;
  /** Room on the models folder's disk, in bytes. Default: the file system is asked. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

export interface PulledModel {
  /** The model file, absolute when `modelsDir` was. */
  readonly path: string;
  /** What lies beside it. */
  readonly sidecar: ModelSidecar;
  /** False when everything was there already. */
  readonly changed: boolean;
}

/**
 * Downloads a model into the models folder, where it is offered as soon as this returns. Pulling a model that is there asks the
 * registry whether it has changed. Several pulls at once, also from several processes, share one download.
 *
 * ```ts
 * await pull('llama3.1:8b', { modelsDir, onProgress: ({ completedBytes, totalBytes }) => draw(completedBytes / totalBytes) });
 * ```
 *
 * @throws GatewayError `invalid-request` for a name that is none · `not-found` · `forbidden` · `engine-failed` or `engine-timeout`
 *   when the registry fails · `no-capacity` when the disk is full · `cancelled`
 */
export async function pull(text: string, options: PullOptions): Promise<PulledModel> {
  const name = parseModelName(text);
  if (name.kind === 'folder') throw foldersNotPulled(text);
  const context = createContext(name, options);
  try {
    await context.folder.create();
    return await pullModel(context);
  } catch (error) {
    throw context.signal.aborted ? stopped(context.signal) : error;
  } finally {
    await context.client.close();
  }
}

function createContext(name: RegistryModelName, options: PullOptions): PullContext {
  const { delayMs, maxFailures, ...http } = pullLimits(options.limits);
  const signal = options.signal ?? new AbortController().signal;
  const origin = registryOrigin(name, options.registry);
  const meter = new ProgressMeter(options.onProgress ?? (() => undefined));
  return {
    name,
    title: formatModelName(name),
    stem: modelFileStem(name),
    origin,
    folder: new ModelsFolder(options.modelsDir),
    client: new RegistryClient(name, origin, http),
    meter,
    signal,
    retry: {
      signal,
      maxFailures,
      delayMs,
      onRetry: (error) => meter.phase('retrying', error.message),
    } satisfies RetryOptions,
    freeBytes: options.freeBytes ?? freeDiskBytes,
  };
}

async function pullModel(context: PullContext): Promise<PulledModel> {
  const { folder, stem, meter } = context;
  meter.phase('resolving');
  const manifest = await retrying(() => context.client.manifest(context.signal), context.retry);
  const texts = await fetchTexts(context, manifest);
  const plan = planModel(stem, manifest);
  const files = filesOf(plan);
  meter.total(files.reduce((sum, { layer }) => sum + layer.size, 0));
  const release = await lockPull(
    context,
    files.map(({ layer }) => layer),
  );
  try {
    const obtained = await obtainFiles(context, files);
    meter.phase('installing');
    const described = describeModel(context.name, context.origin, plan, texts, new Date());
    const sidecar = await installModel(folder, stem, obtained, described);
    meter.phase('done');
    return { path: folder.weights(stem), sidecar, changed: sidecar === described };
  } finally {
    await release();
  }
}

async function fetchTexts(context: PullContext, { texts, config }: ModelManifest): Promise<ModelTexts> {
  const fetchText = (layer: Layer) => retrying(() => context.client.text(layer, context.signal), context.retry);
  const fetched: ModelTexts['texts'][number][] = [];
  for (const { role, layer } of texts) fetched.push({ role, text: await fetchText(layer) });
  return { texts: fetched, config: config ? await fetchText(config) : '' };
}

function foldersNotPulled(text: string): GatewayError {
  return new GatewayError(
    'invalid-request',
    `${text} is a whole repository. Pull one model of it: hf.co/owner/repo:quantization.`,
    { param: 'name' },
  );
}
