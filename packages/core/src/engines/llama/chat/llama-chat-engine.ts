import type { ChatCompletionRequest } from '@anura/openapi';
import type { ChatEngine, ChatEngineChunk } from '../../chat-engine.ts';
import type { EngineCall } from '../../engine-call.ts';
import type { Lease } from '../runtime/model-manager.ts';
import { ChatCall, type ChatCallPlan } from './chat-call.ts';
import type { ChatModel } from './chat-model.ts';
import { planChatCall, type RequestForms, readRequestForms } from './plan-answer.ts';

interface LlamaChatEngineOptions {
  /** The named chat model, loaded. */
  use(model: string, signal: AbortSignal): Promise<Lease<ChatModel>>;
  /** Whether `use` would answer at once. */
  isLoaded(model: string): boolean;
  /** A seed for a request that names none. */
  randomSeed(): number;
}

/** What was planned for a request when it was admitted, so that it is not planned again. */
type Admitted = WeakMap<ChatCompletionRequest, { readonly model: ChatModel; readonly plan: ChatCallPlan }>;

/** Chat on GGUF models inside this process. */
export class LlamaChatEngine implements ChatEngine {
  readonly #options: LlamaChatEngineOptions;
  readonly #running = new Set<ChatIteration>();
  readonly #admitted: Admitted = new WeakMap();

  constructor(options: LlamaChatEngineOptions) {
    this.#options = options;
  }

  /** Refuses a form that cannot be kept and, once the model is loaded, a prompt that does not fit. */
  async admit(request: ChatCompletionRequest, call: EngineCall): Promise<void> {
    const forms = readRequestForms(request);
    if (!this.#options.isLoaded(call.offer.model)) return;
    const lease = await this.#options.use(call.offer.model, call.signal);
    try {
      const plan = await planChatCall(lease.model, request, forms, this.#options.randomSeed);
      this.#admitted.set(request, { model: lease.model, plan });
    } finally {
      lease.release();
    }
  }

  chat(request: ChatCompletionRequest, call: EngineCall): AsyncIterable<ChatEngineChunk> {
    const shared: Shared = { options: this.#options, running: this.#running, admitted: this.#admitted };
    return { [Symbol.asyncIterator]: () => new ChatIteration(request, call, shared) };
  }

  /** Ends all running answers; their readers get the reason. */
  stopAll(reason: unknown): void {
    for (const iteration of this.#running) iteration.leave(reason);
  }
}

/** What all answers of one engine have in common. */
interface Shared {
  readonly options: LlamaChatEngineOptions;
  readonly running: Set<ChatIteration>;
  readonly admitted: Admitted;
}

/**
 * One iteration over an answer. Written out because a generator cannot be left while it waits for a token: `return` would
 * only be heard when the token is there.
 */
class ChatIteration implements AsyncIterator<ChatEngineChunk> {
  readonly #request: ChatCompletionRequest;
  readonly #call: EngineCall;
  readonly #shared: Shared;
  readonly #leaving = new AbortController();
  readonly #onAbort = () => this.leave(this.#call.signal.reason);
  #running: Promise<ChatCall> | undefined;

  constructor(request: ChatCompletionRequest, call: EngineCall, shared: Shared) {
    this.#request = request;
    this.#call = call;
    this.#shared = shared;
  }

  async next(): Promise<IteratorResult<ChatEngineChunk>> {
    this.#running ??= this.#start();
    const running = await this.#running;
    return running.next();
  }

  async return(): Promise<IteratorResult<ChatEngineChunk>> {
    this.leave(undefined);
    return { value: undefined, done: true };
  }

  async #start(): Promise<ChatCall> {
    const { signal } = this.#call;
    signal.throwIfAborted();
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#shared.running.add(this);
    try {
      const forms = readRequestForms(this.#request);
      const lease = await this.#shared.options.use(this.#call.offer.model, this.#leaving.signal);
      return await this.#begin(lease, forms);
    } catch (error) {
      this.#ended();
      throw error;
    }
  }

  async #begin(lease: Lease<ChatModel>, forms: RequestForms): Promise<ChatCall> {
    try {
      const plan = await this.#plan(lease.model, forms);
      this.#leaving.signal.throwIfAborted();
      const call = new ChatCall(lease.model, plan);
      this.#leaving.signal.addEventListener('abort', () => call.stop(this.#leaving.signal.reason), { once: true });
      call.start();
      void call.allFreed.then(() => {
        this.#ended();
        lease.release();
      });
      return call;
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  async #plan(model: ChatModel, forms: RequestForms): Promise<ChatCallPlan> {
    const admitted = this.#shared.admitted.get(this.#request);
    this.#shared.admitted.delete(this.#request); // a second answer to the same request gets a seed of its own
    if (admitted?.model === model) return admitted.plan;
    return await planChatCall(model, this.#request, forms, this.#shared.options.randomSeed);
  }

  /** Ends the answer now, wherever it stands. */
  leave(reason: unknown): void {
    this.#leaving.abort(reason);
  }

  #ended(): void {
    this.#shared.running.delete(this);
    this.#call.signal.removeEventListener('abort', this.#onAbort);
  }
}
