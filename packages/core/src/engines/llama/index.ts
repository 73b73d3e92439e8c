export type { BundledModel } from './library/model-library.ts';
export { type ModelSidecar, sidecarPath } from './library/model-sidecar.ts';
export { createLlamaProvider, type LlamaProvider, type LlamaProviderOptions } from './llama-provider.ts';
export type { EngineLog } from './log.ts';
