export { createDiffusionProvider, type DiffusionOptions, type DiffusionProvider } from './diffusion-provider.ts';
export type { SkippedFolder } from './find-models.ts';
export { createMemoryBudget, type MemoryBudget, type MemoryClaim, type MemoryHold } from './memory-budget.ts';
