import { join } from 'node:path';
import { FolderArtifactStore } from '@anura/core/artifacts';
import type { Provider } from '@anura/core/engines';
import {
  DurableJobs,
  DurableSweeper,
  type JobLog,
  type JobRecord,
  JobRunner,
  type JobTimeouts,
  MediaJobs,
} from '@anura/core/jobs';
import type { Aliases, Scheduler } from '@anura/core/scheduler';
import type { Stores } from '@anura/core/stores';
import { WebhookSender } from '@anura/core/webhooks';
import type { Model } from '@anura/openapi';
import type { EffectiveConfig } from '../config/index.ts';
import type { Logger } from '../log/logger.ts';
import type { MediaDesk } from './media-desk.ts';
import { resultUrl } from './result-url.ts';
import { webhookMessage } from './webhook-message.ts';

export interface MediaParts {
  readonly config: EffectiveConfig;
  readonly log: Logger;
  readonly stores: Stores;
  readonly jobs: JobLog;
  readonly scheduler: Scheduler;
  readonly providers: readonly Provider[];
  readonly aliases: Aliases;
  readonly models: () => readonly Model[];
  /** Told about every change to a job. */
  readonly onChange: (record: JobRecord) => void;
}

export interface OpenMediaDesk {
  readonly desk: MediaDesk;
  readonly webhooks: WebhookSender;
  /** Lets go of what runs, for the next process to go on with. Before the scheduler and the stores are closed. */
  close(): Promise<void>;
}

/** Puts together what jobs that survive need, and begins to work on those that are there. */
export function openMediaDesk(parts: MediaParts): OpenMediaDesk {
  const { config, log, stores, scheduler, providers } = parts;
  const { retentionMs, resultRetentionMs, webhooksToPrivateNetworks } = config.jobs;
  const artifacts = new FolderArtifactStore({ folder: join(config.dataDir, 'artifacts') });
  const jobs = new DurableJobs({ store: stores.durableJobs });
  const stopListening = jobs.onChange(parts.onChange);
  const runner = new JobRunner({ jobs, scheduler, artifacts, resultUrl, providers, log });
  const { idempotency } = stores;
  const sweeper = new DurableSweeper({ jobs, artifacts, idempotency, log, retentionMs, resultRetentionMs });
  const allowPrivate = webhooksToPrivateNetworks;
  const webhooks = new WebhookSender({ store: stores.webhooks, log, render: webhookMessage, allowPrivate });
  const background = [runner, sweeper, webhooks];
  for (const worker of background) worker.start();
  return {
    desk: { media: openJobs(parts, jobs, artifacts, webhooks), log: parts.jobs, artifacts, models: parts.models },
    webhooks,
    async close() {
      stopListening();
      await Promise.all(background.map((worker) => worker.close()));
    },
  };
}

function openJobs(
  { config, jobs: log, scheduler, providers, aliases }: MediaParts,
  jobs: DurableJobs,
  artifacts: FolderArtifactStore,
  webhooks: WebhookSender,
): MediaJobs {
  const { maxUnfinished: inAll, maxUnfinishedPerKey: perKey } = config.jobs;
  return new MediaJobs({
    jobs,
    log,
    artifacts,
    scheduler,
    providers,
    aliases,
    bounds: { inAll, perKey },
    timeoutsOf: (_kind, model) => timeoutsOf(config.jobs, model),
    checkWebhookUrl: webhooks.check,
  });
}

function timeoutsOf(settings: EffectiveConfig['jobs'], model: string): JobTimeouts {
  const { matchTimeoutMs: matchMs, executionTimeoutMs, executionTimeouts, totalTimeoutMs: totalMs } = settings;
  return { matchMs, executionMs: executionTimeouts.get(model) ?? executionTimeoutMs, totalMs };
}
