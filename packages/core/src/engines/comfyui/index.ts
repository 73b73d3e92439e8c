export { type ComfyProvider, createComfyProvider } from './comfy-provider.ts';
export type { ComfyDeadlines, ComfyLog, ComfyOptions } from './options.ts';
