import type { ChatCompletionRequest, EmbeddingRequest, EmbeddingResponse, Explanation, Model } from '@anura/openapi';
import { listModels } from '../catalog/list-models.ts';
import type { Provider } from '../engines/provider.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { JobLog } from '../jobs/job-log.ts';
import type { Reservation } from '../limits/reservation.ts';
import { type Aliases, resolveAlias } from '../scheduler/aliases.ts';
import { HedgeBudget } from '../scheduler/hedge.ts';
import type { JobOffer } from '../scheduler/job-offer.ts';
import type { Lease } from '../scheduler/lease.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import { boundedSignal, leftError } from './bounded-signal.ts';
import type { RequestCaller } from './caller.ts';
import { ChatChunks } from './chat-chunks.ts';
import { chatJobOffer } from './chat-job-offer.ts';
import { ChatRun, type Hedging } from './chat-run.ts';
import { type ChatContents, checkChat, checkImageLimit } from './check-chat.ts';
import { checkEmbeddingInput, countInputs, embeddingResponse, inputCharacters } from './embeddings.ts';
import { normaliseChat } from './normalise-chat.ts';
import { WorkRecord, type WorkSummary } from './work-record.ts';

export interface GatewayOptions {
  readonly scheduler: Scheduler;
  /** All providers, in the order of configuration. The gateway does not close them. */
  readonly providers: readonly Provider[];
  readonly jobs: JobLog;
  readonly aliases: Aliases;
  /** Sets tokens aside for a request before it runs; throws `rate-limited`. */
  readonly reserve: (caller: RequestCaller, tokens: number) => Promise<Reservation> | Reservation;
  /** Told once about every request that got as far as a job offer. */
  readonly onEnd: (summary: WorkSummary) => void;
  /** The longest a request may take in all, milliseconds. */
  readonly requestTimeoutMs: number;
  /** Ask a second provider when the first is silent for so long, milliseconds. Default off. */
  readonly hedgeAfterMs?: number;
  /** The largest width and height of an image in a chat, pixels, where the model does not say. Default 512. */
  readonly maxImageSide?: number;
  /** Tokens set aside for an answer whose request names no limit. Default 1024. */
  readonly usualAnswerTokens?: number;
}

/** At most this part of all requests is asked twice. */
const hedgedShare = 0.05;

/** What an embedding request gives back. */
export interface EmbeddingAnswer {
  readonly jobOfferId: string;
  readonly response: EmbeddingResponse;
  readonly record: WorkRecord;
}

/**
 * Work for now: takes a request, finds it a provider, streams what comes back, and keeps the books. The `signal` of a call
 * must be aborted when the exchange with the caller is over, whichever way: it stops the engine and ends the deadline.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #providers: ReadonlyMap<string, Provider>;
  readonly #hedgeBudget = new HedgeBudget({ share: hedgedShare });

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#providers = new Map(options.providers.map((provider) => [provider.name, provider]));
  }

  /**
   * Begins a chat. What can be refused at once is thrown here, before a stream begins; what fails later is thrown by the
   * run's chunks. The caller must iterate them.
   */
  async chat(
    given: ChatCompletionRequest,
    caller: RequestCaller,
    signal: AbortSignal,
  ): Promise<{ run: ChatRun; record: WorkRecord }> {
    const request = this.#withModel(normaliseChat(given));
    const contents = checkChat(request);
    if (contents.largestImage) this.#checkImage(contents, request.model);
    const job = this.#options.jobs.open({ kind: 'chat', model: request.model, keyId: caller.keyId });
    const offer = chatJobOffer(job.id, request, contents, caller);
    const record = await this.#record('chat', job, offer, caller);
    const bounded = boundedSignal(signal, this.#options.requestTimeoutMs);
    try {
      const { scheduler } = this.#options;
      const firstLease = scheduler.acquire(offer, { signal: bounded });
      const lease = await settledSoon(firstLease);
      if (lease) await this.#admit(lease, request, bounded);
      const run = new ChatRun({
        request,
        chunks: new ChatChunks(job.id, given.model, Math.floor(Date.now() / 1000)),
        record,
        signal: bounded,
        firstLease,
        nextLease: (tried) => scheduler.acquire(offer, { signal: bounded, exclude: tried }),
        engineOf: (name) => this.#engine(name, 'chat'),
        ...this.#hedging(offer),
      });
      return { run, record };
    } catch (error) {
      throw record.failed(error);
    }
  }

  /** Turns the request's inputs into vectors, at another provider when the first fails. */
  async embed(given: EmbeddingRequest, caller: RequestCaller, signal: AbortSignal): Promise<EmbeddingAnswer> {
    const request = this.#withModel(given);
    checkEmbeddingInput(request);
    const job = this.#options.jobs.open({ kind: 'embedding', model: request.model, keyId: caller.keyId });
    const offer = embeddingJobOffer(job.id, request, caller);
    const record = await this.#record('embedding', job, offer, caller);
    try {
      const result = await this.#embedSomewhere(
        request,
        offer,
        record,
        boundedSignal(signal, this.#options.requestTimeoutMs),
      );
      record.firstToken();
      record.completed();
      return { jobOfferId: job.id, response: embeddingResponse(request, given.model, result), record };
    } catch (error) {
      throw record.failed(error);
    }
  }

  /** How a request would be routed now, without running it. */
  explainChat(given: ChatCompletionRequest, caller: RequestCaller): Explanation {
    const request = this.#withModel(normaliseChat(given));
    return this.#options.scheduler.explain(chatJobOffer('', request, checkChat(request), caller));
  }

  explainEmbedding(given: EmbeddingRequest, caller: RequestCaller): Explanation {
    const request = this.#withModel(given);
    checkEmbeddingInput(request);
    return this.#options.scheduler.explain(embeddingJobOffer('', request, caller));
  }

  /** All models on offer, aliases included. */
  models(): Model[] {
    const offers = this.#options.providers.flatMap((provider) => provider.offers());
    return listModels(offers, this.#options.aliases);
  }

  #hedging(offer: JobOffer): { hedging?: Hedging } {
    const { hedgeAfterMs: afterMs, scheduler } = this.#options;
    if (afterMs === undefined) return {};
    this.#hedgeBudget.countRequest();
    return { hedging: { afterMs, secondLease: (tried) => this.#secondLease(scheduler, offer, tried) } };
  }

  #secondLease(scheduler: Scheduler, offer: JobOffer, tried: ReadonlySet<string>): Lease | undefined {
    if (!this.#hedgeBudget.allows()) return undefined;
    const lease = scheduler.tryAcquire(offer, tried);
    if (lease) this.#hedgeBudget.countHedge();
    return lease;
  }

  /** The request under the model's own name: aliases followed, and Ollama's `:latest` dropped where only the bare name is offered. */
  #withModel<R extends { model: string }>(request: R): R {
    const model = resolveAlias(request.model, this.#options.aliases);
    const bare = model.replace(/:latest$/, '');
    if (bare === model || this.#isOffered(model)) return { ...request, model };
    return { ...request, model: resolveAlias(bare, this.#options.aliases) };
  }

  /** Holds the images of a chat to the most any of the model's providers takes. */
  #checkImage(contents: ChatContents, model: string): void {
    const { providers, maxImageSide: side = 512 } = this.#options;
    const offers = providers.flatMap((provider) => provider.offers()).filter((offer) => offer.model === model);
    const limits = offers.map(({ details }) => details?.maxImagePixels ?? { width: side, height: side });
    if (limits.length === 0) return; // nobody has the model, which is the better thing to say
    const width = Math.max(...limits.map((limit) => limit.width));
    const height = Math.max(...limits.map((limit) => limit.height));
    checkImageLimit(contents, { width, height }, model);
  }

  #isOffered(model: string): boolean {
    return this.#options.providers.some((provider) => provider.offers().some((offer) => offer.model === model));
  }

  async #record(
    kind: WorkSummary['kind'],
    job: ReturnType<JobLog['open']>,
    offer: JobOffer,
    caller: RequestCaller,
  ): Promise<WorkRecord> {
    const { reserve, onEnd, usualAnswerTokens = 1024 } = this.#options;
    const answerTokens = kind === 'chat' ? (offer.maxTokens ?? usualAnswerTokens) : 0;
    try {
      const reservation = await reserve(caller, offer.promptTokens + answerTokens);
      return new WorkRecord({ job, kind, model: offer.model, keyId: caller.keyId, reservation, onEnd });
    } catch (error) {
      job.apply({ type: 'job-failed', error: GatewayError.from(error) });
      throw error;
    }
  }

  /** Lets the engine refuse what it can see at once, so that the caller gets a status and not a broken stream. */
  async #admit(lease: Lease, request: ChatCompletionRequest, signal: AbortSignal): Promise<void> {
    try {
      const engine = this.#engine(lease.offer.provider, 'chat');
      await engine.admit?.(request, { offer: lease.offer, signal, jobOfferId: lease.job.id });
    } catch (error) {
      lease.release(error);
      throw error;
    }
  }

  async #embedSomewhere(request: EmbeddingRequest, offer: JobOffer, record: WorkRecord, signal: AbortSignal) {
    const tried = new Set<string>();
    let failure: GatewayError | undefined;
    for (;;) {
      const lease = await this.#options.scheduler.acquire(offer, { signal, exclude: tried }).catch((error: unknown) => {
        throw failure && !signal.aborted ? failure : error;
      });
      record.agreed(lease.offer);
      try {
        const engine = this.#engine(lease.offer.provider, 'embeddings');
        const result = await engine.embed(request, { offer: lease.offer, signal, jobOfferId: record.jobOfferId });
        if (result.vectors.length !== countInputs(request))
          throw wrongCount(result.vectors.length, countInputs(request));
        record.countUsage({
          prompt_tokens: result.promptTokens,
          completion_tokens: 0,
          total_tokens: result.promptTokens,
        });
        lease.release();
        return result;
      } catch (error) {
        failure = signal.aborted ? leftError(signal) : GatewayError.from(error);
        lease.release(failure);
        if (failure.retry !== 'elsewhere' || signal.aborted) throw failure;
        tried.add(record.dropped() ?? lease.offer.id);
      }
    }
  }

  #engine<K extends 'chat' | 'embeddings'>(name: string, kind: K): NonNullable<Provider[K]> {
    const engine = this.#providers.get(name)?.[kind];
    if (!engine)
      throw new GatewayError('engine-failed', `The provider ${name} cannot do this any more.`, { retry: 'elsewhere' });
    return engine as NonNullable<Provider[K]>;
  }
}

function embeddingJobOffer(id: string, request: EmbeddingRequest, caller: RequestCaller): JobOffer {
  return {
    id,
    keyId: caller.keyId,
    ...(caller.weight === undefined ? {} : { weight: caller.weight }),
    model: request.model,
    modality: 'embedding',
    needs: { capabilities: [] },
    promptTokens: Math.ceil(inputCharacters(request) / 4),
  };
}

const notYet = Symbol('not yet');

/** What the promise holds when it is settled by the end of this turn of the event loop; throws what it throws by then. */
async function settledSoon<T>(promise: Promise<T>): Promise<T | undefined> {
  promise.catch(() => {}); // whoever awaits it later is told; nobody else must be
  const soon = await Promise.race([promise, new Promise<typeof notYet>((resolve) => setImmediate(resolve, notYet))]);
  return soon === notYet ? undefined : soon;
}

const wrongCount = (got: number, wanted: number): GatewayError =>
  new GatewayError('engine-failed', `The provider returned ${got} vectors for ${wanted} inputs.`, {
    retry: 'elsewhere',
  });
