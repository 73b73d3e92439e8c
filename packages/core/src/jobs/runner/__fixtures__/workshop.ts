import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mock, onTestFinished, vi } from 'vitest';
import { FolderArtifactStore } from '../../../artifacts/folder-artifact-store.ts';
import { Scheduler } from '../../../scheduler/scheduler.ts';
import { openMemoryStores } from '../../../stores/memory/memory-stores.ts';
import type { StoreLog } from '../../../stores/store-log.ts';
import type { Stores } from '../../../stores/stores.ts';
import { DurableJobs } from '../../durable/durable-jobs.ts';
import type { WallClock } from '../../durable/wall-clock.ts';
import { JobLog } from '../../job-log.ts';
import { MediaJobs, type MediaJobsOptions } from '../../media-jobs.ts';
import { JobRunner, type JobRunnerOptions } from '../job-runner.ts';
import type { MediaProvider } from '../media-provider.ts';
import { ManualClock } from './manual-clock.ts';

export interface Workshop {
  /** Not used when another was given. */
  readonly clock: ManualClock;
  readonly stores: Stores;
  readonly scheduler: Scheduler;
  readonly jobs: DurableJobs;
  readonly media: MediaJobs;
  readonly runner: JobRunner;
  readonly artifacts: FolderArtifactStore;
  readonly log: Readonly<Record<keyof StoreLog, Mock<StoreLog['warn']>>>;
}

export interface WorkshopOptions {
  readonly runner?: Partial<JobRunnerOptions>;
  readonly media?: Partial<MediaJobsOptions>;
  /** Default one that stands still. */
  readonly clock?: WallClock;
  /** Where another workshop was before, to go on after it. */
  readonly after?: Workshop;
}

/** Everything a job needs to be run, with a clock to turn; closed after the test. */
export function openWorkshop(providers: readonly MediaProvider[], options: WorkshopOptions = {}): Workshop {
  const { after } = options;
  const standing = after?.clock ?? new ManualClock();
  const clock = options.clock ?? standing;
  const stores = after?.stores ?? openMemoryStores();
  const artifacts = after?.artifacts ?? new FolderArtifactStore({ folder: temporaryFolder(), now: () => clock.now() });
  const log = { info: vi.fn<StoreLog['info']>(), warn: vi.fn<StoreLog['warn']>() };
  const jobs = new DurableJobs({ store: stores.durableJobs, clock });
  const rows = new JobLog({ store: stores.jobs, log });
  const scheduler = new Scheduler({ offers: () => providers.flatMap((provider) => provider.offers()), clock });
  const surroundings = { jobs, scheduler, providers, artifacts };
  const resultUrl = ({ id }: { id: string }) => `/api/v1/results/${id}`;
  const runner = new JobRunner({ ...surroundings, resultUrl, log, ...options.runner });
  const media = new MediaJobs({ ...surroundings, log: rows, aliases: {}, checkWebhookUrl: () => {}, ...options.media });
  onTestFinished(async () => {
    await runner.close();
    scheduler.close();
    await rows.close();
    await stores.close();
  });
  return { clock: standing, stores, scheduler, jobs, media, runner, artifacts, log };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'anura-workshop-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
