/** Models from Ollama-compatible registries onto this disk: `anura pull`, `anura rm`, `anura models --disk`. Node only. */
export { type DiskListing, type DiskModel, type DiskPartial, listDisk } from './list-disk.ts';
export { formatModelName, type ModelName, parseModelName } from './model-name.ts';
export type { PullPhase, PullProgress } from './progress-meter.ts';
export { type PulledModel, type PullOptions, pull } from './pull.ts';
export type { PullLimits } from './pull-limits.ts';
export { type RemovedModel, removeModel } from './remove-model.ts';
export { type ModelCompanion, type ModelSidecar, readSidecar, sidecarSuffix } from './sidecar.ts';
