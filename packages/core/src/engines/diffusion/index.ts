export { createDiffusionProvider, type DiffusionOptions, type DiffusionProvider } from './diffusion-provider.ts';
export type { SkippedFolder } from './find-models.ts';
