import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMemoryBudget, type MemoryBudget, type Provider } from '@anura/core/engines';
import type { ComfyOptions } from '@anura/core/engines/comfyui';
import type { DiffusionOptions } from '@anura/core/engines/diffusion';
import { createLlamaProvider, type LlamaProviderOptions } from '@anura/core/engines/llama';
import type { OpenAIProviderOptions, UpstreamKind } from '@anura/core/engines/openai';
import { findLocalOllama } from '@anura/core/engines/openai/find-local-ollama';
import { AppearingProvider } from './appearing-provider.ts';
import type { EffectiveConfig, ProviderConfig } from './config/index.ts';
import type { Logger } from './log/logger.ts';
import { refreshWithFolder } from './refresh-with-folder.ts';

/** Loaded on use: with its HTTP client it would be a fifth of the time until the server listens. */
const loadOpenAIEngine = () => import('@anura/core/engines/openai');

/** Opens everyone who computes: the models in this process, the configured upstreams, and an Ollama found on this machine. */
export async function openProviders(config: EffectiveConfig, log: Logger): Promise<Provider[]> {
  const { memoryBudgetBytes } = config;
  const memory = createMemoryBudget(memoryBudgetBytes === 'auto' ? {} : { limitBytes: memoryBudgetBytes });
  const local = [
    ...(config.llama.enabled ? [createLlamaProvider({ ...llamaOptions(config, log), memory })] : []),
    ...(config.diffusion.enabled ? [openDiffusion(config, memory, log)] : []),
    ...(config.speech.enabled ? [openSpeech(config, log)] : []),
  ];
  const upstreams = config.providers.map((provider) => openUpstream(provider, log));
  return await Promise.all([...local, ...upstreams, ...localOllama(config, log)]);
}

async function openUpstream(provider: ProviderConfig, log: Logger): Promise<Provider> {
  if (provider.engine === 'comfyui') {
    const { createComfyProvider } = await import('@anura/core/engines/comfyui');
    return await createComfyProvider(comfyOptions(provider, log));
  }
  const { createOpenAIProvider } = await loadOpenAIEngine();
  return await createOpenAIProvider(upstreamOptions(provider, provider.engine, log));
}

async function openDiffusion(config: EffectiveConfig, memory: MemoryBudget, log: Logger): Promise<Provider> {
  const { createDiffusionProvider } = await import('@anura/core/engines/diffusion');
  const provider = await createDiffusionProvider({ ...diffusionOptions(config, log), memory });
  return refreshWithFolder(provider, config.modelsDir, log);
}

async function openSpeech({ speech, modelsDir: modelsFolder }: EffectiveConfig, log: Logger): Promise<Provider> {
  const { createSpeechProvider } = await import('@anura/core/engines/speech');
  const { slots, kokoroThreads } = speech;
  return refreshWithFolder(await createSpeechProvider({ modelsFolder, slots, kokoroThreads, log }), modelsFolder, log);
}

/** The models that come with Anura. Tadpole knows tools, though its template does not say so, and wanders at OpenAI's default temperature of 1. */
function bundledModels(): NonNullable<LlamaProviderOptions['bundled']> {
  return {
    tadpole: {
      path: fileURLToPath(import.meta.resolve('@anura/tadpole/tadpole.gguf')),
      capabilities: ['tools', 'json_schema'],
      temperature: 0.3,
    },
    'tadpole-embed': fileURLToPath(import.meta.resolve('@anura/tadpole/tadpole-embed.gguf')),
  };
}

function llamaOptions({ llama, modelsDir }: EffectiveConfig, log: Logger): LlamaProviderOptions {
  const { bundled, threads, gpu, slots, contextSize, preload, idleUnloadMs } = llama;
  return {
    modelsDirs: [modelsDir],
    bundled: bundled ? bundledModels() : {},
    slots,
    preload: preload.filter((model) => bundled || model !== 'tadpole'), // the default names it
    log,
    gpu: gpu === 'off' ? false : gpu,
    ...(threads === 'auto' ? {} : { threads }),
    ...(contextSize === 'auto' ? {} : { contextCap: contextSize }),
    ...(idleUnloadMs === undefined ? {} : { idleUnloadMs }),
  };
}

/** The models that come with Anura first: a folder of the same name does not take their place. */
function diffusionOptions({ diffusion, modelsDir }: EffectiveConfig, log: Logger): Omit<DiffusionOptions, 'memory'> {
  const { bundled, threads, executionProviders, metadata } = diffusion;
  return {
    folders: [...(bundled ? bundledDrawingModels() : []), modelsDir],
    executionProviders,
    metadata,
    onSkipped: ({ folder, reason }) => log.warn({ folder, reason }, 'a folder with a drawing model is not offered'),
    ...(threads === 'auto' ? {} : { threads }),
  };
}

const bundledDrawingModels = (): string[] =>
  [
    import.meta.resolve('@anura/tadpole-image/package.json'),
    import.meta.resolve('@anura/tadpole-video/package.json'),
  ].map((url) => dirname(fileURLToPath(url)));

/** An Ollama on this machine, now or whenever it is started, unless the configuration names it already. */
function localOllama({ discoverOllama, providers }: EffectiveConfig, log: Logger): Provider[] {
  if (!discoverOllama || providers.some(({ url, name }) => name === 'ollama' || isSameBox(url, ollamaUrl))) return [];
  const look = async () => {
    const baseUrl = await findLocalOllama();
    if (baseUrl === undefined) return undefined;
    const { createOpenAIProvider } = await loadOpenAIEngine();
    log.info({ baseUrl }, 'found an Ollama on this machine');
    return await createOpenAIProvider({ name: 'ollama', baseUrl, kind: 'ollama', log });
  };
  return [AppearingProvider.open({ name: 'ollama', engine: 'openai', look })];
}

const ollamaUrl = 'http://127.0.0.1:11434';

function isSameBox(url: string, other: string): boolean {
  const [one, two] = [new URL(url), new URL(other)];
  return one.port === two.port && ['localhost', '127.0.0.1', '[::1]'].includes(one.hostname);
}

function comfyOptions(
  { name, url, key, headers, templates, price, timeouts }: ProviderConfig,
  log: Logger,
): ComfyOptions {
  return {
    name,
    baseUrl: url,
    price,
    log,
    headers: revealed(headers),
    deadlines: { connectMs: timeouts.connectMs },
    ...(key ? { apiKey: key.reveal() } : {}),
    ...(templates === undefined ? {} : { templates }),
  };
}

const revealed = (headers: ProviderConfig['headers']): Record<string, string> =>
  Object.fromEntries([...headers].map(([header, value]) => [header, value.reveal()]));

function upstreamOptions(provider: ProviderConfig, kind: UpstreamKind, log: Logger): OpenAIProviderOptions {
  const { name, url, key, headers, models, slots, price, timeouts } = provider;
  return {
    name,
    baseUrl: url,
    kind,
    price,
    log,
    ...(slots === 'auto' ? {} : { slots }),
    headers: revealed(headers),
    deadlines: timeouts,
    ...(key ? { apiKey: key.reveal() } : {}),
    ...(models ? { models: Object.fromEntries(models) } : {}),
  };
}
