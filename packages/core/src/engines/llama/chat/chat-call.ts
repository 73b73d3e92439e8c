import type { Token } from '@anura/node-llama-cpp';
import type { ChatCompletionChunkChoice, ChatUsage } from '@anura/openapi';
import { GatewayError } from '../../../errors/gateway-error.ts';
import type { ChatEngineChunk } from '../../chat-engine.ts';
import { Generation } from '../decoding/generation.ts';
import type { SequenceSlot } from '../decoding/sequence-pool.ts';
import { Answer, type AnswerOutput } from './answer.ts';
import type { AnswerPlan } from './answer-plan.ts';
import type { ChatModel } from './chat-model.ts';
import { ChunkQueue } from './chunk-queue.ts';
import { toEvaluateOptions } from './evaluate-options.ts';

export interface ChatCallPlan {
  readonly answer: AnswerPlan;
  readonly prompt: readonly Token[];
  /** Seed of the first choice; each further one counts one up. */
  readonly seed: number;
}

/**
 * One request at work: its choices, each on a sequence of its own, writing into one queue. It ends with the signal, with
 * the first error, or when all choices are finished.
 */
export class ChatCall implements AnswerOutput {
  readonly #model: ChatModel;
  readonly #plan: ChatCallPlan;
  readonly #stopping = new AbortController();
  readonly #queue = new ChunkQueue(() => this.#wake());
  readonly #slots = new Map<Answer, SequenceSlot>();
  readonly #lastChoices = new Map<number, ChatCompletionChunkChoice>();
  readonly #allFreed = Promise.withResolvers<void>();
  #unfinished: number;
  #completionTokens = 0;
  #reasoningTokens = 0;
  #cachedTokens = 0;

  constructor(model: ChatModel, plan: ChatCallPlan) {
    this.#model = model;
    this.#plan = plan;
    this.#unfinished = plan.answer.sampling.choices;
  }

  /** Resolves when no sequence works for this call any more. */
  get allFreed(): Promise<void> {
    return this.#allFreed.promise;
  }

  get ready(): boolean {
    return !this.#queue.full;
  }

  start(): void {
    for (let index = 0; index < this.#plan.answer.sampling.choices; index++) void this.#startChoice(index);
  }

  next(): Promise<IteratorResult<ChatEngineChunk>> {
    return this.#queue.next();
  }

  /** Ends the call now. With a reason the reader's next read rejects with it. Safe to call at any time. */
  stop(reason?: unknown): void {
    this.#queue.abandon(reason);
    this.#stopping.abort(reason);
    this.#wake();
  }

  promptDone(cachedTokens: number): void {
    this.#cachedTokens = Math.max(this.#cachedTokens, cachedTokens);
  }

  /** The last piece of a choice waits for its sequence to be free, because the usage goes with the very last one. */
  emit(choice: ChatCompletionChunkChoice): void {
    if (choice.finish_reason === null) this.#queue.push({ choices: [choice] });
    else this.#lastChoices.set(choice.index, choice);
  }

  /** Every started answer ends here, whatever happened, so its slot is given back exactly once. */
  done(answer: Answer, error?: unknown): void {
    const slot = this.#slots.get(answer);
    this.#slots.delete(answer);
    if (slot !== undefined) this.#model.pool.release(slot);
    this.#completionTokens += answer.generated.length;
    this.#reasoningTokens += answer.reasoningTokens;
    this.#settle(this.#lastChoices.get(answer.index), error);
  }

  async #startChoice(index: number): Promise<void> {
    try {
      const slot = await this.#model.pool.acquire(this.#plan.prompt, this.#stopping.signal);
      this.#generate(index, slot);
    } catch (error) {
      this.#settle(undefined, error);
    }
  }

  #generate(index: number, slot: SequenceSlot): void {
    const { prompt, answer: plan, seed } = this.#plan;
    const { model, runtime, speed } = this.#model;
    const answer = new Answer(index, plan, this);
    this.#slots.set(answer, slot);
    const dynamic = { seed: seed + index, generated: answer.generated, grammar: () => answer.grammar() };
    const options = toEvaluateOptions(plan.sampling, dynamic, model, runtime.module);
    const wantsProbabilities = plan.sampling.topLogprobs !== undefined;
    const { signal } = this.#stopping;
    slot.lane.join(slot.number, new Generation({ slot, prompt, options, wantsProbabilities, signal, speed }, answer));
  }

  #settle(lastChoice: ChatCompletionChunkChoice | undefined, error: unknown): void {
    this.#unfinished--;
    if (lastChoice !== undefined) this.#queue.push(this.#lastChunk(lastChoice));
    else if (!this.#stopping.signal.aborted) this.stop(engineError(error));
    if (this.#unfinished > 0) return;
    this.#queue.end();
    this.#allFreed.resolve();
  }

  #lastChunk(choice: ChatCompletionChunkChoice): ChatEngineChunk {
    return this.#unfinished > 0 ? { choices: [choice] } : { choices: [choice], usage: this.#usage() };
  }

  #usage(): ChatUsage {
    const prompt = this.#plan.prompt.length;
    const usage: ChatUsage = {
      prompt_tokens: prompt,
      completion_tokens: this.#completionTokens,
      total_tokens: prompt + this.#completionTokens,
      prompt_tokens_details: { cached_tokens: this.#cachedTokens },
    };
    if (this.#reasoningTokens > 0) usage.completion_tokens_details = { reasoning_tokens: this.#reasoningTokens };
    return usage;
  }

  #wake(): void {
    for (const slot of this.#slots.values()) slot.lane.wake();
  }
}

function engineError(error: unknown): GatewayError {
  if (GatewayError.is(error)) return error;
  return new GatewayError(
    'engine-failed',
    'The llama engine failed while generating. Try again; the log has the details.',
    {
      retry: 'elsewhere',
      cause: error,
    },
  );
}
