import { existsSync } from 'node:fs';
import type { Llama } from '@anura/node-llama-cpp';
import { GatewayError } from '../../../errors/gateway-error.ts';
import type { EngineLog } from '../log.ts';

const longestDisposeMs = 1000;

export type LlamaModule = typeof import('@anura/node-llama-cpp');

/** The native library, loaded. */
export interface LlamaRuntime {
  readonly module: LlamaModule;
  readonly llama: Llama;
}

export interface RuntimeOptions {
  /** `auto` uses a GPU when there is one, `false` never does. Default `auto`. */
  readonly gpu: 'auto' | 'cuda' | 'vulkan' | 'metal' | false;
  /** Threads of all evaluations together. */
  readonly maxThreads: number;
  readonly log: EngineLog;
}

/**
 * Loads the native library from its prebuilt binaries, in about 0.4 s.
 *
 * `build: 'never'` matters: the default answers a missing GPU library by unpacking llama.cpp and running cmake (22 s).
 * Throws `GatewayError('engine-failed')` where no binary fits the machine.
 */
export async function loadLlamaRuntime({ gpu, maxThreads, log }: RuntimeOptions): Promise<LlamaRuntime> {
  try {
    const module = await import('@anura/node-llama-cpp');
    const load = (type: RuntimeOptions['gpu']) =>
      module.getLlama({
        gpu: type,
        build: 'never',
        skipDownload: true,
        progressLogs: false,
        maxThreads,
        logLevel: module.LlamaLogLevel.error,
        logger: (_level, message) => log.warn({ message: message.trim() }, 'llama.cpp says'),
      });
    const llama = await withoutEmptyGpu(await load(gpu === 'auto' && !gpuIsPossible() ? false : gpu), load);
    log.info({ gpu: llama.gpu, maxThreads }, 'llama library loaded');
    return { module, llama };
  } catch (cause) {
    log.error({ error: String(cause) }, 'llama library cannot be loaded');
    const wanted = gpu === 'auto' || gpu === false ? process.arch : `${process.arch} with ${gpu}`;
    throw new GatewayError(
      'engine-failed',
      `The llama engine has no prebuilt library for ${process.platform} ${wanted}. Reinstall with optional dependencies, or set the gpu option to auto.`,
      { retry: 'elsewhere', cause },
    );
  }
}

/**
 * Frees the native library, once its models are disposed.
 *
 * Waits a second at most: a model that failed to load leaves a handle behind in node-llama-cpp 3.22.1, and when the garbage
 * collector was there first, `dispose` waits for that handle for ever.
 */
export async function closeLlamaRuntime({ llama }: LlamaRuntime): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, longestDisposeMs);
  });
  await Promise.race([llama.dispose(), limit]);
  clearTimeout(timer);
}

/** Linux shows every GPU as one of these; looking for them is cheaper than loading GPU libraries that find none. */
const gpuDevices = ['/dev/dri/renderD128', '/dev/nvidia0', '/dev/nvidiactl', '/dev/kfd', '/dev/dxg'];

function gpuIsPossible(): boolean {
  return process.platform !== 'linux' || gpuDevices.some((path) => existsSync(path));
}

/** A Vulkan library without a device loads as well, and would only cost time. */
async function withoutEmptyGpu(llama: Llama, load: (gpu: false) => Promise<Llama>): Promise<Llama> {
  if (llama.gpu === false || (await llama.getGpuDeviceNames()).length > 0) return llama;
  await llama.dispose();
  return load(false);
}
