import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { ResourceOffer } from '../../catalog/resource-offer.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { ChatEngine } from '../chat-engine.ts';
import type { EmbeddingEngine } from '../embedding-engine.ts';
import { createMemoryBudget, type MemoryBudget } from '../memory-budget.ts';
import type { Provider } from '../provider.ts';
import { watchFolders } from '../watch-folders.ts';
import { ChatModel } from './chat/chat-model.ts';
import { LlamaChatEngine } from './chat/llama-chat-engine.ts';
import { EmbeddingModel } from './embedding/embedding-model.ts';
import { LlamaEmbeddingEngine } from './embedding/llama-embedding-engine.ts';
import type { ModelFile } from './library/model-file.ts';
import { type BundledModel, ModelLibrary } from './library/model-library.ts';
import { type EngineLog, silentLog } from './log.ts';
import { describeOffer } from './offer.ts';
import {
  closeLlamaRuntime,
  type LlamaRuntime,
  loadLlamaRuntime,
  type RuntimeOptions,
} from './runtime/llama-runtime.ts';
import { type Lease, ModelManager } from './runtime/model-manager.ts';
import { type ModelPlan, type PlanLimits, planModel } from './runtime/model-plan.ts';

export interface LlamaProviderOptions {
  /** Default `local`. */
  readonly name?: string;
  /** Folders with GGUF files, searched with all that is below them and watched for changes. Default none. */
  readonly modelsDirs?: readonly string[];
  /** Models that come with the program: name to path, or to a path with what is known of it. */
  readonly bundled?: Readonly<Record<string, string | BundledModel>>;
  /** Names of models to load at once. Default none. */
  readonly preload?: readonly string[];
  /** Requests a small model works on at the same time; larger models get fewer. Default 8. */
  readonly slots?: number;
  /** Longest context of a slot, tokens. Default 8192; a model trained for less gets less. */
  readonly contextCap?: number;
  /** Processors to use. Default: for large models half of them, because two usually share a core; for tiny ones up to 4. */
  readonly threads?: number;
  /** Default `auto`. */
  readonly gpu?: RuntimeOptions['gpu'];
  /** Shared with the other engines of the process. Default one of its own. */
  readonly memory?: MemoryBudget;
  /** A model nobody used for so long is unloaded, milliseconds. Default 0: only when room is needed. */
  readonly idleUnloadMs?: number;
  readonly log?: EngineLog;
  /** A seed for a request that names none, 0 to 2³²−1. Default random. */
  readonly randomSeed?: () => number;
}

/** The llama engine as a provider. */
export interface LlamaProvider extends Provider {
  readonly chat: ChatEngine;
  readonly embeddings: EmbeddingEngine;
  /** Looks at the models folders now instead of waiting for the watcher. */
  refresh(): Promise<void>;
}

const defaultSlots = 8;
const defaultContextCap = 8192;
/** More native contexts for one tiny model only cost memory. */
const mostLanes = 4;

/**
 * Offers the GGUF models found on disk. The native library is loaded with the first model, not before.
 *
 * Waits for the first look at the folders, not for the preloads. Throws nothing for files that cannot be used: they are
 * named in the log and not offered.
 */
export async function createLlamaProvider(options: LlamaProviderOptions = {}): Promise<LlamaProvider> {
  const provider = new LocalProvider(options);
  await provider.refresh();
  provider.preload(options.preload ?? []);
  return provider;
}

type LoadedModel = ChatModel | EmbeddingModel;

class LocalProvider implements LlamaProvider {
  readonly name: string;
  readonly engine = 'llama';
  readonly chat: LlamaChatEngine;
  readonly embeddings: EmbeddingEngine;
  readonly #log: EngineLog;
  readonly #library: ModelLibrary;
  readonly #manager: ModelManager<LoadedModel>;
  readonly #limits: PlanLimits;
  readonly #runtimeOptions: RuntimeOptions;
  readonly #stopWatching: () => void;
  #offers: readonly ResourceOffer[] = [];
  #runtime: Promise<LlamaRuntime> | undefined;

  constructor(options: LlamaProviderOptions) {
    this.name = options.name ?? 'local';
    this.#log = options.log ?? silentLog;
    const memory = options.memory ?? createMemoryBudget();
    this.#limits = readLimits(options, memory);
    this.#runtimeOptions = {
      gpu: options.gpu ?? 'auto',
      maxThreads: Math.max(this.#limits.threads, this.#limits.lanes),
      log: this.#log,
    };
    const modelsDirs = options.modelsDirs ?? [];
    this.#library = new ModelLibrary({ modelsDirs, bundled: readBundled(options), log: this.#log });
    this.#manager = new ModelManager({
      memory,
      idleUnloadMs: options.idleUnloadMs ?? 0,
      log: this.#log,
      plan: (file) => planModel(file, this.#limits),
      load: (file, plan, signal) => this.#load(file, plan, signal),
    });
    const randomSeed = options.randomSeed ?? (() => randomInt(2 ** 32));
    this.chat = new LlamaChatEngine({
      use: (model, signal) => this.#use(model, isChatModel, signal),
      isLoaded: (model) => this.#manager.stateOf(model) === 'loaded',
      randomSeed,
    });
    this.embeddings = new LlamaEmbeddingEngine({ use: (model, signal) => this.#use(model, isEmbeddingModel, signal) });
    this.#stopWatching = watchFolders(modelsDirs, () => void this.refresh());
  }

  offers(): readonly ResourceOffer[] {
    const offers = [...this.#library.files.values()].flatMap(
      (file) => describeOffer(file, this.name, this.#limits, this.#manager) ?? [],
    );
    if (!isDeepStrictEqual(offers, this.#offers)) this.#offers = offers;
    return this.#offers;
  }

  refresh(): Promise<void> {
    return this.#library.refresh();
  }

  preload(names: readonly string[]): void {
    for (const name of names) void this.#preloadOne(name);
  }

  async close(): Promise<void> {
    this.#stopWatching();
    this.chat.stopAll(new GatewayError('cancelled', 'The llama engine was closed.', { retry: 'elsewhere' }));
    await this.#manager.close();
    const runtime = await this.#runtime?.catch(() => undefined);
    if (runtime !== undefined) await closeLlamaRuntime(runtime);
  }

  /** A model that cannot be preloaded is named in the log; the others and the process go on. */
  async #preloadOne(name: string): Promise<void> {
    try {
      const lease = await this.#manager.use(this.#library.find(name), new AbortController().signal);
      lease.release();
    } catch (error) {
      if (GatewayError.is(error) && error.code === 'cancelled') return; // closed before it was loaded
      this.#log.warn({ model: name, error: String(error) }, 'model not preloaded');
    }
  }

  async #use<Kind extends LoadedModel>(
    name: string,
    isKind: (model: LoadedModel) => model is Kind,
    signal: AbortSignal,
  ): Promise<Lease<Kind>> {
    const lease = await this.#manager.use(this.#library.find(name), signal);
    const { model } = lease;
    if (isKind(model)) return { model, release: lease.release };
    lease.release();
    throw new GatewayError('invalid-request', `The model ${name} is made for ${model.file.modality}, not for this.`, {
      param: 'model',
    });
  }

  async #load(file: ModelFile, plan: ModelPlan, signal: AbortSignal): Promise<LoadedModel> {
    const runtime = await this.#loadRuntime();
    if (file.modality === 'embedding') return EmbeddingModel.load(file, plan, runtime, signal);
    return ChatModel.load(file, plan, runtime, signal);
  }

  /** Tried again with the next model when it failed: the operator may have mended the installation. */
  #loadRuntime(): Promise<LlamaRuntime> {
    this.#runtime ??= loadLlamaRuntime(this.#runtimeOptions).catch((error: unknown) => {
      this.#runtime = undefined;
      throw error;
    });
    return this.#runtime;
  }
}

const isChatModel = (model: LoadedModel): model is ChatModel => model instanceof ChatModel;
const isEmbeddingModel = (model: LoadedModel): model is EmbeddingModel => model instanceof EmbeddingModel;

function readLimits(options: LlamaProviderOptions, memory: MemoryBudget): PlanLimits {
  return {
    slots: options.slots ?? defaultSlots,
    contextCap: options.contextCap ?? defaultContextCap,
    threads: options.threads ?? Math.ceil(availableParallelism() / 2),
    lanes: options.threads ?? Math.min(availableParallelism(), mostLanes),
    budgetBytes: memory.limitBytes,
  };
}

function readBundled({ bundled = {} }: LlamaProviderOptions): Record<string, BundledModel> {
  const entries = Object.entries(bundled);
  return Object.fromEntries(
    entries.map(([name, model]) => [name, typeof model === 'string' ? { path: model } : model]),
  );
}
