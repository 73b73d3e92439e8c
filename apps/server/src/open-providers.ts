import { fileURLToPath } from 'node:url';
import type { Provider } from '@anura/core/engines';
import { createLlamaProvider, type LlamaProviderOptions } from '@anura/core/engines/llama';
import type { OpenAIProviderOptions } from '@anura/core/engines/openai';
import { AppearingProvider } from './appearing-provider.ts';
import type { EffectiveConfig, ProviderConfig } from './config/index.ts';
import type { Logger } from './log/logger.ts';

/** Loaded on use: with its HTTP client it would be a fifth of the time until the server listens. */
const loadOpenAIEngine = () => import('@anura/core/engines/openai');

/** Opens everyone who computes: the models in this process, the configured upstreams, and an Ollama found on this machine. */
export async function openProviders(config: EffectiveConfig, log: Logger): Promise<Provider[]> {
  const local = config.llama.enabled ? [createLlamaProvider(llamaOptions(config, log))] : [];
  const upstreams = config.providers.map((provider) => openUpstream(provider, log));
  return await Promise.all([...local, ...upstreams, ...localOllama(config, log)]);
}

async function openUpstream(provider: ProviderConfig, log: Logger): Promise<Provider> {
  const { createOpenAIProvider } = await loadOpenAIEngine();
  return await createOpenAIProvider(upstreamOptions(provider, log));
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
  const { bundled, threads, gpu, slots, contextSize, memoryBudgetBytes, preload, idleUnloadMs } = llama;
  return {
    modelsDirs: [modelsDir],
    bundled: bundled ? bundledModels() : {},
    slots,
    preload: preload.filter((model) => bundled || model !== 'tadpole'), // the default names it
    log,
    gpu: gpu === 'off' ? false : gpu,
    ...(threads === 'auto' ? {} : { threads }),
    ...(contextSize === 'auto' ? {} : { contextCap: contextSize }),
    ...(memoryBudgetBytes === 'auto' ? {} : { memoryBudgetBytes }),
    ...(idleUnloadMs === undefined ? {} : { idleUnloadMs }),
  };
}

/** An Ollama on this machine, now or whenever it is started, unless the configuration names it already. */
function localOllama({ discoverOllama, providers }: EffectiveConfig, log: Logger): Provider[] {
  if (!discoverOllama || providers.some(({ url, name }) => name === 'ollama' || isSameBox(url, ollamaUrl))) return [];
  const look = async () => {
    const { createOpenAIProvider, findLocalOllama } = await loadOpenAIEngine();
    const baseUrl = await findLocalOllama();
    if (baseUrl === undefined) return undefined;
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

function upstreamOptions(provider: ProviderConfig, log: Logger): OpenAIProviderOptions {
  const { name, url, engine, key, headers, models, slots, price, timeouts } = provider;
  return {
    name,
    baseUrl: url,
    kind: engine,
    price,
    log,
    ...(slots === 'auto' ? {} : { slots }),
    headers: Object.fromEntries([...headers].map(([header, value]) => [header, value.reveal()])),
    deadlines: timeouts,
    ...(key ? { apiKey: key.reveal() } : {}),
    ...(models ? { models: Object.fromEntries(models) } : {}),
  };
}
