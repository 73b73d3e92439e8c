import type { SequenceEvaluateOptions, Token } from '@anura/node-llama-cpp';
import type { DecodeTask } from './decode-lane.ts';
import type { SequenceSlot } from './sequence-pool.ts';
import type { SpeedMeter } from './speed-meter.ts';

/** A token the model chose, with the probabilities after sampling options where they were asked for. */
export interface SampledToken {
  readonly token: Token;
  readonly probabilities?: ReadonlyMap<Token, number>;
}

/** What to do after a token: go on with it, go on with others in its place, or end. */
export type NextStep = 'continue' | 'end' | Token[];

/** Receives what a generation produces. */
export interface GenerationReader {
  /** False while the reader is behind; generation pauses. */
  readonly ready: boolean;
  /** The prompt is evaluated; so many of its tokens came from the cache. */
  promptDone(cachedTokens: number): void;
  tokenSampled(sampled: SampledToken): NextStep;
  /** The sequence is free. With an error when the native library failed. */
  finished(error?: unknown): void;
}

interface GenerationPlan {
  readonly slot: SequenceSlot;
  /** At least one token, fewer than the context. */
  readonly prompt: readonly Token[];
  readonly options: SequenceEvaluateOptions;
  readonly wantsProbabilities: boolean;
  readonly signal: AbortSignal;
  readonly speed: SpeedMeter;
}

type TokenIterator = AsyncGenerator<SampledToken, void, undefined | Token | Token[]>;

/**
 * One answer on one sequence: aligns the cache, evaluates the rest of the prompt in chunks, then token by token.
 *
 * The last prompt token is always evaluated alone, whether the rest came from the cache or not. So the first token is drawn
 * from the same numbers every time, and a seed gives the same text with a warm and a cold cache.
 */
export class Generation implements DecodeTask {
  readonly #plan: GenerationPlan;
  readonly #reader: GenerationReader;
  #evaluated = -1;
  #cachedTokens = 0;
  #tokens: TokenIterator | undefined;
  #replacement: Token[] | undefined;
  #decodeStart = 0;
  #decoded = 0;

  constructor(plan: GenerationPlan, reader: GenerationReader) {
    this.#plan = plan;
    this.#reader = reader;
  }

  get ready(): boolean {
    return this.#plan.signal.aborted || this.#reader.ready;
  }

  async step(): Promise<boolean> {
    try {
      if (!this.#plan.signal.aborted && (await this.#advance())) return true;
      await this.#tokens?.return();
      if (this.#decoded > 0) this.#plan.speed.addDecode(this.#decoded, performance.now() - this.#decodeStart);
      this.#reader.finished();
    } catch (error) {
      this.#reader.finished(error);
    }
    return false;
  }

  #advance(): Promise<boolean> {
    if (this.#evaluated < 0) return this.#alignCache();
    if (this.#evaluated < this.#plan.prompt.length - 1) return this.#evaluateChunk();
    return this.#sampleToken();
  }

  async #alignCache(): Promise<boolean> {
    const { sequence } = this.#plan.slot;
    await sequence.adaptStateToTokens(this.#plan.prompt.slice(0, -1), false);
    this.#evaluated = sequence.nextTokenIndex;
    this.#cachedTokens = this.#evaluated;
    return this.#advance();
  }

  async #evaluateChunk(): Promise<boolean> {
    const { slot, prompt, speed } = this.#plan;
    const end = Math.min(this.#evaluated + speed.chunkTokens, prompt.length - 1);
    const chunk = prompt.slice(this.#evaluated, end);
    const start = performance.now();
    await slot.sequence.evaluateWithoutGeneratingNewTokens(chunk);
    speed.addPrefill(chunk.length, performance.now() - start);
    this.#evaluated = end;
    return true;
  }

  async #sampleToken(): Promise<boolean> {
    if (this.#tokens === undefined) this.#begin();
    const result = await this.#tokens?.next(this.#replacement);
    this.#replacement = undefined;
    if (result === undefined || result.done) return false;
    this.#decoded++;
    const next = this.#reader.tokenSampled(result.value);
    if (Array.isArray(next)) this.#replacement = next;
    return next !== 'end';
  }

  #begin(): void {
    const { slot, prompt, options, wantsProbabilities } = this.#plan;
    this.#reader.promptDone(this.#cachedTokens);
    this.#decodeStart = performance.now();
    this.#tokens = slot.sequence.evaluateWithMetadata(
      prompt.slice(-1),
      { probabilities: wantsProbabilities },
      options,
    ) as TokenIterator;
  }
}
