import type { RegistryModelName } from './model-name.ts';
import type { ModelsFolder } from './models-folder.ts';
import type { ProgressMeter } from './progress-meter.ts';
import type { RegistryClient } from './registry-client.ts';
import type { RetryOptions } from './retrying.ts';

/** What the steps of one pull share. */
export interface PullContext {
  readonly name: RegistryModelName;
  /** The name as people write it. */
  readonly title: string;
  /** The name as a file name. */
  readonly stem: string;
  readonly origin: URL;
  readonly folder: ModelsFolder;
  readonly client: RegistryClient;
  readonly meter: ProgressMeter;
  readonly signal: AbortSignal;
  readonly retry: RetryOptions;
  readonly freeBytes: (folder: string) => Promise<number>;
}
