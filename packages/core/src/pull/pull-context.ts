import type { RegistryModelName } from './model-name.ts';
import type { ModelsFolder } from './models-folder.ts';
import type { ProgressMeter } from './progress-meter.ts';
import type { RegistryClient } from './registry-client.ts';
import type { RetryOptions } from './retrying.ts';

/** What the steps of one pull share, whatever it brings. */
export interface PullRun {
  /** The name as people write it. */
  readonly title: string;
  /** The name as a file name. */
  readonly stem: string;
  readonly folder: ModelsFolder;
  readonly meter: ProgressMeter;
  readonly signal: AbortSignal;
  readonly retry: RetryOptions;
  readonly freeBytes: (folder: string) => Promise<number>;
}

/** The pull of a model from a registry. */
export interface PullContext extends PullRun {
  readonly name: RegistryModelName;
  readonly origin: URL;
  readonly client: RegistryClient;
}
