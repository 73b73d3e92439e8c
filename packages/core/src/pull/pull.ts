import { describeModel, type ModelTexts } from './describe-model.ts';
import { freeDiskBytes } from './disk-error.ts';
import type { FolderLayout } from './hub/choose-files.ts';
import { HubClient } from './hub/hub-client.ts';
import { pullFolder } from './hub/pull-folder.ts';
import { installModel } from './install-model.ts';
import { lockPull } from './lock-pull.ts';
import type { Layer, ModelManifest } from './manifest.ts';
import {
  type FolderModelName,
  formatModelName,
  type ModelName,
  modelFileStem,
  parseModelName,
  type RegistryModelName,
} from './model-name.ts';
import { filesOf, planModel } from './model-plan.ts';
import { ModelsFolder } from './models-folder.ts';
import { stopped } from './network-error.ts';
import { obtainFiles } from './obtain-files.ts';
import { ProgressMeter, type PullProgress } from './progress-meter.ts';
import type { PullContext, PullRun } from './pull-context.ts';
import { type PullLimits, pullLimits } from './pull-limits.ts';
import { RegistryClient } from './registry-client.ts';
import { hubOrigin, registryOrigin } from './registry-origin.ts';
import { retrying } from './retrying.ts';

export interface PullOptions {
  /** Where models lie; made when it is not there. */
  readonly modelsDir: string;
  /** Address of the registry for names without a host. Default Ollama's. */
  readonly registry?: string;
  /** Address of the hub for `hf:` names and `kokoro`. Default Hugging Face's. */
  readonly hub?: string;
  /** Stops the pull; what has arrived is kept and taken up by the next one. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PullProgress) => void;
  readonly limits?: Partial<PullLimits>;
  /** Room on the models folder's disk, in bytes. Default: the file system is asked. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

export interface PulledModel {
  /** The name callers use. */
  readonly name: string;
  /** The model's file or folder, absolute when `modelsDir` was. */
  readonly path: string;
  readonly sizeBytes: number;
  /** `gguf` is one file, the others are folders: a model that draws, and Kokoro, which speaks. */
  readonly layout: 'gguf' | FolderLayout;
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
 * @throws GatewayError `invalid-request` for a name that is none · `not-found` · `conflict` when another folder is in the way · `forbidden` · `engine-failed` or `engine-timeout`
 *   when the registry fails · `no-capacity` when the disk is full · `cancelled`
 */
export async function pull(text: string, options: PullOptions): Promise<PulledModel> {
  const name = parseModelName(text);
  const run = createRun(name, options);
  try {
    return name.kind === 'folder' ? await fromHub(run, name, options) : await fromRegistry(run, name, options);
  } catch (error) {
    throw run.signal.aborted ? stopped(run.signal) : error;
  }
}

function createRun(name: ModelName, options: PullOptions): PullRun {
  const { delayMs, maxFailures } = pullLimits(options.limits);
  const signal = options.signal ?? new AbortController().signal;
  const meter = new ProgressMeter(options.onProgress ?? (() => undefined));
  return {
    title: formatModelName(name),
    stem: modelFileStem(name),
    folder: new ModelsFolder(options.modelsDir),
    meter,
    signal,
    retry: { signal, maxFailures, delayMs, onRetry: (error) => meter.phase('retrying', error.message) },
    freeBytes: options.freeBytes ?? freeDiskBytes,
  };
}

async function fromHub(run: PullRun, name: FolderModelName, { hub, limits }: PullOptions): Promise<PulledModel> {
  const origin = hubOrigin(hub);
  const client = new HubClient(name, origin, pullLimits(limits));
  try {
    await run.folder.create();
    return await pullFolder(run, { name, client, host: origin.host });
  } finally {
    await client.close();
  }
}

async function fromRegistry(
  run: PullRun,
  name: RegistryModelName,
  { registry, limits }: PullOptions,
): Promise<PulledModel> {
  const origin = registryOrigin(name, registry);
  const client = new RegistryClient(name, origin, pullLimits(limits));
  try {
    await run.folder.create();
    return await pullModel({ ...run, name, origin, client });
  } finally {
    await client.close();
  }
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
    const { name, size: sizeBytes } = sidecar;
    return { name, path: folder.weights(stem), sizeBytes, layout: 'gguf', changed: sidecar === described };
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
