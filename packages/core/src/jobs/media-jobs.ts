import type { ArtifactStore, ByteRange, OpenArtifact } from '../artifacts/artifact-store.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { checkIdempotencyKey } from '../idempotency/fingerprint.ts';
import { type Aliases, resolveAlias } from '../scheduler/aliases.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import { checkMediaRequest } from './check-media-request.ts';
import type { JsonObject, NewJob, QueueBounds, Submitted } from './durable/durable-job-store.ts';
import type { DurableJobs } from './durable/durable-jobs.ts';
import { followJob } from './durable/follow-job.ts';
import { estimateJob, type JobEstimate } from './durable/job-estimate.ts';
import type { JobNotice } from './durable/job-notices.ts';
import { defaultTimeouts, type JobTimeouts } from './durable/job-timeouts.ts';
import type { JobLog } from './job-log.ts';
import { type JobRecord, openJob } from './job-record.ts';
import type { MediaRequest } from './media-request.ts';
import type { MediaKind, MediaProvider } from './runner/media-provider.ts';

export interface MediaCaller {
  readonly keyId: string;
  /** The key's share of a busy model. Default 1. */
  readonly weight?: number;
}

export interface SubmitOptions {
  /** Told once when the job is over. */
  readonly webhookUrl?: string;
  /** The caller's `Idempotency-Key` and the fingerprint of the request, see `fingerprintOf`. */
  readonly idempotency?: { readonly key: string; readonly fingerprint: string };
}

export interface MediaJobsOptions {
  readonly jobs: DurableJobs;
  /** Finds jobs of every kind. */
  readonly log: JobLog;
  readonly artifacts: ArtifactStore;
  readonly scheduler: Pick<Scheduler, 'explain'>;
  readonly providers: readonly MediaProvider[];
  readonly aliases: Aliases;
  /** Throws `invalid-request` for an address that will never be called. */
  readonly checkWebhookUrl: (url: string) => void;
  /** Default 1,000 for a key and 10,000 in all. */
  readonly bounds?: QueueBounds;
  /** Default `defaultTimeouts` for everything. */
  readonly timeoutsOf?: (kind: MediaKind, model: string) => JobTimeouts;
  /** How long an idempotency key is remembered, milliseconds. Default 24 hours. */
  readonly idempotencyMs?: number;
}

const defaultBounds: QueueBounds = { perKey: 1_000, inAll: 10_000 };

/** Jobs that survive, as callers see them: each key its own. Closes nothing. */
export class MediaJobs {
  readonly #options: MediaJobsOptions;

  constructor(options: MediaJobsOptions) {
    this.#options = options;
  }

  /**
   * Makes a job of the request. When it resolves, the job is on the disk and will be finished, whatever happens to this
   * process. `repeated` when the idempotency key made it before.
   *
   * @throws GatewayError `not-found` nobody offers the model, `invalid-request` the engine would refuse it, or the webhook's
   * address or idempotency key is none, `conflict` the idempotency key belongs to another request, `rate-limited` too many jobs wait.
   */
  async submit(
    media: MediaRequest,
    caller: MediaCaller,
    options: SubmitOptions = {},
  ): Promise<{ readonly record: JobRecord; readonly repeated: boolean }> {
    if (options.idempotency) checkIdempotencyKey(options.idempotency.key);
    const job = this.#newJob(media, caller, options);
    // What was answered once is answered again, also when it would be refused by now.
    const submitted =
      (options.idempotency && (await this.#options.jobs.store.earlier(job))) ?? (await this.#submit(media, job));
    if (submitted.outcome === 'accepted' || submitted.outcome === 'repeated') {
      return { record: submitted.record, repeated: submitted.outcome === 'repeated' };
    }
    throw submitted.outcome === 'conflict' ? keyInUse() : this.#queueFull(submitted, job.record.model);
  }

  /** A job of this key, of any kind; throws `not-found` for every other id. */
  async get(id: string, keyId: string): Promise<JobRecord> {
    const record = await this.#options.log.get(id, keyId);
    if (record) return record;
    throw new GatewayError('not-found', 'There is no job with this id among the jobs of this key.', { param: 'id' });
  }

  /** The request a job was made from; `undefined` for jobs that do not survive. */
  async input(id: string, keyId: string): Promise<JsonObject | undefined> {
    await this.get(id, keyId);
    return this.#options.jobs.store.input(id);
  }

  /** Its place in the queue and how long it may take; `undefined` when it is over. */
  async estimate(record: JobRecord): Promise<JobEstimate | undefined> {
    const { jobs } = this.#options;
    const standing = await jobs.store.standing(record.id);
    return standing && estimateJob(record, standing, this.#slots(record.model), jobs.clock.now());
  }

  /**
   * Ends a job that is not delivered, wherever it is, and returns it as it then is. What is over stays as it is. Chat and
   * embeddings end with their connection: `conflict`.
   */
  async cancel(id: string, keyId: string): Promise<JobRecord> {
    const record = await this.get(id, keyId);
    if (record.kind === 'chat' || record.kind === 'embedding') throw notCancellable();
    return (await this.#options.jobs.apply({ id }, { type: 'job-cancelled' })) ?? (await this.get(id, keyId));
  }

  /** What happens to the job from a notice on, see `followJob`. Throws `not-found` at its first step. */
  async *follow(
    id: string,
    keyId: string,
    afterSequence: number,
    signal: AbortSignal,
  ): AsyncGenerator<JobNotice, void, undefined> {
    await this.get(id, keyId);
    const find = () => this.#options.log.get(id, keyId);
    yield* followJob(this.#options.jobs, { id, afterSequence, signal, find });
  }

  /** The job once it is delivered or over, or as it is after `waitMs`, or when the signal aborts. */
  async wait(id: string, keyId: string, waitMs: number, signal: AbortSignal): Promise<JobRecord> {
    const timeout = new AbortController();
    const stopTimer = this.#options.jobs.clock.after(waitMs, () => timeout.abort());
    try {
      for await (const _ of this.follow(id, keyId, 0, AbortSignal.any([signal, timeout.signal])));
      return await this.get(id, keyId);
    } finally {
      stopTimer();
    }
  }

  /**
   * The bytes of a delivered job. The caller reads the stream to its end or destroys it, and says `fetched` after a whole
   * download. Throws `not-found` where there are none (any more), `RangeError` for a range outside.
   */
  async openResult(record: JobRecord, range?: ByteRange): Promise<OpenArtifact> {
    const opened =
      record.artifactId === null ? undefined : await this.#options.artifacts.open(record.artifactId, range);
    if (opened) return opened;
    throw new GatewayError('not-found', 'The result of this job is not kept any more. Create the job again.', {
      param: 'id',
    });
  }

  /** Notes that the results reached the caller. */
  async fetched({ id }: JobRecord): Promise<void> {
    await this.#options.jobs.apply({ id }, { type: 'results-accepted' });
  }

  async #submit(media: MediaRequest, job: NewJob): Promise<Submitted> {
    const { jobs, bounds = defaultBounds, checkWebhookUrl } = this.#options;
    if (job.webhookUrl !== undefined) checkWebhookUrl(job.webhookUrl);
    checkMediaRequest(media, job, this.#options);
    return jobs.submit(job, bounds);
  }

  #newJob({ kind, request }: MediaRequest, { keyId, weight }: MediaCaller, options: SubmitOptions): NewJob {
    const { jobs, aliases, timeoutsOf, idempotencyMs = 86_400_000 } = this.#options;
    const { model: asked, ...input } = request;
    const model = resolveAlias(asked, aliases);
    const nowMs = jobs.clock.now();
    const { webhookUrl, idempotency } = options;
    return {
      record: openJob({ kind, model, keyId }, nowMs),
      // Fields that are absent leave no trace: what is kept is what was said.
      input: JSON.parse(JSON.stringify(input)) as JsonObject,
      timeouts: timeoutsOf?.(kind, model) ?? defaultTimeouts,
      ...(weight !== undefined && { weight }),
      ...(webhookUrl !== undefined && { webhookUrl }),
      ...(idempotency && { idempotency: { ...idempotency, keptSinceMs: nowMs - idempotencyMs } }),
    };
  }

  #slots(model: string): number {
    const offers = this.#options.providers.flatMap((provider) => provider.offers());
    return offers.reduce((sum, offer) => (offer.model === model ? sum + offer.slots : sum), 0);
  }

  #queueFull({ whose, meanMs }: Extract<Submitted, { outcome: 'full' }>, model: string): GatewayError {
    const message =
      whose === 'key' ? 'This key has as many unfinished jobs as it may have' : 'Too many jobs are unfinished';
    const retryAfterMs = Math.min(120_000, Math.max(1_000, (meanMs ?? 5_000) / Math.max(1, this.#slots(model))));
    const seconds = Math.ceil(retryAfterMs / 1000);
    return new GatewayError('rate-limited', `${message}; this one was not taken. Try again in ${seconds} s.`, {
      retryAfterMs,
    });
  }
}

const keyInUse = (): GatewayError =>
  new GatewayError('conflict', 'This Idempotency-Key was used with another request. Use a new one.', {
    param: 'Idempotency-Key',
  });

const notCancellable = (): GatewayError =>
  new GatewayError('conflict', 'A chat or an embedding ends when its caller closes the connection.', { param: 'id' });
