import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Provider } from '@anura/core/engines';
import { Gateway } from '@anura/core/gateway';
import { IdempotentAnswers } from '@anura/core/idempotency';
import { JobLog, JobSweeper } from '@anura/core/jobs';
import { KeyRing, presetKey } from '@anura/core/keys';
import { KeyLimiter, type KeyLimits } from '@anura/core/limits';
import { Scheduler } from '@anura/core/scheduler';
import { openSqliteStores } from '@anura/core/stores/sqlite';
import { UsageLedger } from '@anura/core/usage';
import type { Express } from 'express';
import { createApp } from './app.ts';
import type { EffectiveConfig } from './config/index.ts';
import { Lifecycle } from './lifecycle.ts';
import type { Logger } from './log/logger.ts';
import { openMediaDesk } from './media/open-media-desk.ts';
import { createMetrics } from './metrics/metrics.ts';
import { noteMediaJob } from './metrics/note-media-job.ts';
import { noteWork } from './metrics/note-work.ts';
import { openProviders } from './open-providers.ts';
import { openSearch } from './open-search.ts';
import { audioOperations } from './operations/audio.ts';
import { chatOperations } from './operations/chat.ts';
import { deliveryOperations } from './operations/deliveries.ts';
import { embeddingOperations } from './operations/embeddings.ts';
import { explainOperations } from './operations/explain.ts';
import { healthOperations } from './operations/health.ts';
import { imageOperations } from './operations/images.ts';
import { jobOperations } from './operations/jobs.ts';
import { keyOperations } from './operations/keys.ts';
import { modelOperations } from './operations/models.ts';
import type { ContractDocument } from './operations/mount.ts';
import { openAIVideoOperations } from './operations/openai-videos.ts';
import { usageOperations } from './operations/usage.ts';
import { videoOperations } from './operations/videos.ts';
import { searchOperations } from './operations/web-search.ts';
import { watchOffers } from './watch-offers.ts';

export interface Composition {
  readonly app: Express;
  readonly keys: KeyRing;
  readonly lifecycle: Lifecycle;
  readonly scheduler: Scheduler;
  readonly gateway: Gateway;
  /** Ends background work, writes what waits and closes the stores. After the last answer. */
  close(): Promise<void>;
}

export interface ComposeOptions {
  readonly config: EffectiveConfig;
  readonly log: Logger;
  /** For tests: answers that break the contract become errors. Default false. */
  readonly validateResponses?: boolean;
  /** Providers beside those of the configuration, for tests and embedding. Closed with the rest. */
  readonly providers?: readonly Provider[];
}

/** Settings that are off leave no field behind. */
const withoutAbsent = ({
  requestsPerSecond,
  tokensPerMinute,
  concurrentRequests,
  monthlyTokens,
}: EffectiveConfig['limits']): KeyLimits => ({
  ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
  ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
  ...(concurrentRequests === undefined ? {} : { concurrentRequests }),
  ...(monthlyTokens === undefined ? {} : { monthlyTokens }),
});

const require = createRequire(import.meta.url);

/** Reads a JSON file of a package anew: the validator changes the contract it is given. */
const readJson = (name: string): unknown => JSON.parse(readFileSync(require.resolve(name), 'utf8'));

const version: string = (
  JSON.parse(readFileSync(fileURLToPath(new URL('../package.json', import.meta.url)), 'utf8')) as { version: string }
).version;

/** Chooses the concrete parts and puts them together: nobody else names them. */
export async function compose({
  config,
  log,
  validateResponses = false,
  providers = [],
}: ComposeOptions): Promise<Composition> {
  const stores = openSqliteStores({ dataDir: config.dataDir });
  const preset = config.apiKey && presetKey(config.apiKey.reveal(), Date.now());
  const keys = await KeyRing.open({ store: stores.keys, log, ...(preset ? { preset } : {}) });
  const usage = new UsageLedger({ store: stores.usage, log });
  const jobs = new JobLog({ store: stores.jobs, log });
  const sweeper = new JobSweeper({ store: stores.jobs, log, retentionMs: config.jobs.retentionMs });
  sweeper.start();

  const offering = [...providers, ...(await openProviders(config, log))];
  const aliases = Object.fromEntries(config.aliases);
  const scheduler = new Scheduler({
    offers: () => offering.flatMap((provider) => provider.offers()),
    aliases,
    maxQueued: config.queue.maxLength,
    matchTimeoutMs: config.queue.maxWaitMs,
  });
  const stopWatching = watchOffers(offering, () => scheduler.offersChanged());

  const metrics = createMetrics(() => ({ ...scheduler.snapshot(), models: gateway.models().length }));
  const limiter = new KeyLimiter({
    monthlyUsage: { tokensUsed: (keyId, month) => usage.monthTokens(keyId, month) },
  });
  const defaultLimits = withoutAbsent(config.limits);
  const gateway = new Gateway({
    scheduler,
    providers: offering,
    jobs,
    aliases,
    reserve: (caller, tokens) => limiter.reserve(caller.keyId, caller.limits, tokens),
    requestTimeoutMs: config.requestTimeoutMs,
    maxImageSide: config.maxImageSide,
    ...(config.queue.hedgeAfterMs === undefined ? {} : { hedgeAfterMs: config.queue.hedgeAfterMs }),
    onEnd: (work) => noteWork(work, usage, metrics),
  });

  const opened = openMediaDesk({
    config,
    log,
    stores,
    jobs,
    scheduler,
    providers: offering,
    aliases,
    models: () => gateway.models(),
    reserve: (caller) => limiter.reserve(caller.keyId, caller.limits, 0),
    onChange: (record) => noteMediaJob(record, usage),
  });
  const { desk, webhooks } = opened;
  const search = openSearch(config, log);
  const { requestTimeoutMs } = config;

  const lifecycle = new Lifecycle();
  const app = createApp({
    contract: readJson('@anura/openapi/openapi.json') as ContractDocument,
    handlers: {
      ...chatOperations({ gateway, log, logPrompts: config.log.prompts }),
      ...embeddingOperations({ gateway }),
      ...modelOperations({ gateway }),
      ...imageOperations({ desk, requestTimeoutMs }),
      ...videoOperations({ desk }),
      ...openAIVideoOperations({ desk }),
      ...audioOperations({ desk, requestTimeoutMs }),
      ...searchOperations({ search }),
      ...jobOperations({ desk }),
      ...deliveryOperations({ media: desk.media, webhooks }),
      ...keyOperations({ keys }),
      ...usageOperations({ usage, keys }),
      ...healthOperations({ gateway, scheduler, lifecycle, version }),
      ...explainOperations({ gateway }),
    },
    keys,
    limiter,
    defaultLimits,
    lifecycle,
    log,
    metrics,
    bodyLimitBytes: config.bodyLimitBytes,
    corsOrigins: config.corsOrigins,
    docs: config.docs,
    serveMetrics: config.metrics,
    idempotentAnswers: new IdempotentAnswers({ store: stores.idempotency, log }),
    validateResponses,
  });

  async function close(): Promise<void> {
    await opened.close();
    scheduler.close();
    stopWatching();
    await search?.close();
    await Promise.all(offering.map((provider) => provider.close()));
    await sweeper.close();
    await Promise.all([keys.close(), usage.close(), jobs.close()]);
    await stores.close();
    metrics.registry.clear();
  }
  return { app, keys, lifecycle, scheduler, gateway, close };
}
