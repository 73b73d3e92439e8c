import { defaultModelFiles, type ModelFiles } from './comfyui/node-classes.ts';
import type { FaultRule } from './faults/fault-plan.ts';
import { defaultModels, type FakeModel } from './models.ts';

/** How the fake upstream behaves. Everything has a default. */
export interface FakeUpstreamOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  readonly models?: readonly FakeModel[];
  /** Refuse requests without `Authorization: Bearer` and this key. */
  readonly apiKey?: string;
  /** Speed of generation; 0, the default, means at once. */
  readonly tokensPerSecond?: number;
  /** Milliseconds before the first token. Default 0. */
  readonly firstTokenMs?: number;
  /** How many requests it works on at the same time; one more is answered 429. Default: no limit. */
  readonly slots?: number;
  /** Faults that strike a share of the work. */
  readonly faults?: readonly FaultRule[];
  /** Decides which requests the faults strike. Default 1. */
  readonly seed?: number;
  /** Answer Ollama's own addresses (`/api/tags` and so on) too. Default true. */
  readonly ollama?: boolean;
  /** Answer ComfyUI's addresses (`/prompt`, `/history`, `/ws` and so on) too. Default true. */
  readonly comfyui?: boolean;
  /** The model files ComfyUI finds. Default: those of SDXL Turbo and of Wan 2.1. */
  readonly modelFiles?: ModelFiles;
  /** Milliseconds to render a video, or anything in ComfyUI. Default 0. */
  readonly renderMs?: number;
  /**
   * Answer every chat request with the same prepared bytes of this many tokens, as fast as the machine can: for benchmarks.
   * The request is not looked at beyond its `stream` field, and nothing is recorded.
   */
  readonly cannedTokens?: number;
  /** How many of the last requests to remember. Default 1000. */
  readonly keepRequests?: number;
}

export type Settings = Required<Omit<FakeUpstreamOptions, 'apiKey' | 'cannedTokens'>> &
  Pick<FakeUpstreamOptions, 'apiKey' | 'cannedTokens'>;

export function withDefaults(options: FakeUpstreamOptions): Settings {
  return {
    host: '127.0.0.1',
    port: 0,
    models: defaultModels,
    tokensPerSecond: 0,
    firstTokenMs: 0,
    slots: Number.POSITIVE_INFINITY,
    faults: [],
    seed: 1,
    ollama: true,
    comfyui: true,
    modelFiles: defaultModelFiles,
    renderMs: 0,
    keepRequests: 1000,
    ...options,
  };
}
