import type { LlamaGrammarEvaluationState, Token } from '@anura/node-llama-cpp';
import type { ChatCompletionChunkChoice, ChatDelta } from '@anura/openapi';
import type { GenerationReader, NextStep, SampledToken } from '../decoding/generation.ts';
import { TokenText } from '../output/token-text.ts';
import type { AnswerPlan } from './answer-plan.ts';
import { CallMode } from './call-mode.ts';
import { ContentMode } from './content-mode.ts';
import { type TokenLogprob, tokenLogprob } from './logprobs.ts';
import type { AnswerMode, ModeResult } from './mode.ts';
import { type AfterThought, ThoughtMode } from './thought-mode.ts';

export type FinishReason = NonNullable<ChatCompletionChunkChoice['finish_reason']>;

/** Where an answer's pieces go. */
export interface AnswerOutput {
  readonly ready: boolean;
  promptDone(cachedTokens: number): void;
  emit(choice: ChatCompletionChunkChoice): void;
  /** The answer is over and its sequence free. With an error instead of a finish reason when it failed. */
  done(answer: Answer, error?: unknown): void;
}

/**
 * One choice: reads tokens, writes deltas.
 *
 * ```
 *              tag                     trigger
 *   thought ─────────► content ─────────────────────► call ──┐
 *      ▲                  │ ▲                           │ ▲   │ another call, where the
 *      └──────────────────┘ └ (only blanks after it) ───┘ └───┘ syntax knows several
 *              tag        │                             │
 *                         ▼ end of turn, stop text,     ▼ arguments complete,
 *                       done       token limit        done   token limit
 * ```
 *
 * A tag, trigger or stop text may end in the middle of a token. That last token has not been evaluated yet, so what is
 * wanted of it is evaluated in its place, and the next mode begins on clean ground.
 */
export class Answer implements GenerationReader {
  readonly index: number;
  readonly generated: Token[] = [];
  reasoningTokens = 0;
  readonly #plan: AnswerPlan;
  readonly #output: AnswerOutput;
  readonly #text: TokenText;
  #mode: AnswerMode;
  #grammar: LlamaGrammarEvaluationState | undefined;
  #logprobs: TokenLogprob[] = [];
  #begun = false;
  /** Tokens put in beyond the drawn ones. */
  #inserted = 0;
  #finished = false;

  constructor(index: number, plan: AnswerPlan, output: AnswerOutput) {
    this.index = index;
    this.#plan = plan;
    this.#output = output;
    this.#text = new TokenText(plan.pieces);
    this.#mode = this.#firstMode();
    this.#startGrammar();
  }

  get ready(): boolean {
    return this.#output.ready;
  }

  /** The grammar the next token must follow. */
  grammar(): LlamaGrammarEvaluationState | undefined {
    return this.#grammar;
  }

  promptDone(cachedTokens: number): void {
    this.#output.promptDone(cachedTokens);
  }

  tokenSampled(sampled: SampledToken): NextStep {
    if (this.#plan.endsTurn(sampled.token)) return this.#endTurn();
    this.generated.push(sampled.token);
    if (this.#mode.kind === 'thought') this.reasoningTokens++;
    if (this.#plan.sampling.topLogprobs !== undefined && this.#mode.kind === 'content') this.#noteLogprob(sampled);
    const piece = this.#text.push(sampled.token);
    const next = piece === '' ? 'continue' : this.#apply(this.#mode.read(piece), piece);
    return next === 'end' || this.#hasRoom() ? next : this.#finish('length');
  }

  #hasRoom(): boolean {
    const drawn = this.generated.length;
    return drawn < this.#plan.maxTokens && drawn + this.#inserted < this.#plan.roomTokens;
  }

  finished(error?: unknown): void {
    this.#output.done(this, error);
  }

  #firstMode(): AnswerMode {
    const { thoughts, tools } = this.#plan;
    if (thoughts?.openAtStart) return new ThoughtMode(thoughts.suffix, () => this.#afterThought());
    return tools?.demanded ? new CallMode(tools, 0) : new ContentMode(this.#plan);
  }

  #startGrammar(): void {
    const grammar = this.#mode.grammar;
    this.#grammar = grammar === undefined ? undefined : this.#plan.startGrammar(grammar);
  }

  #apply(result: ModeResult, piece: string): NextStep {
    if (result.delta !== undefined) this.#emit(result.delta);
    if (result.finish !== undefined) return this.#finish(result.finish);
    if (result.next === undefined) return 'continue';
    this.#mode = result.next;
    this.#startGrammar();
    return this.#instead(piece, result.unread ?? 0, result.insert ?? '');
  }

  /** Goes on without the last `unread` characters of the token just sampled, and with `insert` after it. */
  #instead(piece: string, unread: number, insert: string): NextStep {
    if (unread === 0 && insert === '') return 'continue';
    const kept = piece.slice(0, piece.length - unread) + insert;
    if (kept === '') return 'continue';
    const tokens = this.#plan.tokenize(kept);
    this.#inserted += tokens.length - 1;
    return tokens;
  }

  #endTurn(): NextStep {
    const rest = this.#text.flush();
    if (rest !== '') this.#apply(this.#mode.read(rest), rest);
    if (this.#finished) return 'end';
    const { thoughts, tools, format } = this.#plan;
    const owesMore = tools?.demanded || format !== undefined;
    if (this.#mode.kind === 'thought' && owesMore && thoughts !== undefined) {
      const { next, insert = '' } = this.#afterThought();
      return this.#apply({ next, insert: thoughts.suffix + insert }, '');
    }
    return this.#finish('stop');
  }

  /** A demanded call is begun for the model; otherwise it goes on as it likes. */
  #afterThought(): AfterThought {
    const { tools } = this.#plan;
    if (!tools?.demanded) return { next: new ContentMode(this.#plan) };
    return { next: new CallMode(tools, 0), insert: tools.syntax.triggers[0] ?? '' };
  }

  #finish(reason: FinishReason): 'end' {
    this.#finished = true;
    const { delta, finish } = this.#mode.close(reason);
    if (delta !== undefined) this.#emit(delta);
    this.#output.emit(this.#choice({}, finish));
    return 'end';
  }

  #emit(delta: ChatDelta): void {
    this.#output.emit(this.#choice(delta, null));
  }

  #choice(delta: ChatDelta, finishReason: FinishReason | null): ChatCompletionChunkChoice {
    const choice: ChatCompletionChunkChoice = {
      index: this.index,
      delta: this.#begun ? delta : { role: 'assistant', ...delta },
      finish_reason: finishReason,
    };
    this.#begun = true;
    if (this.#logprobs.length > 0) {
      choice.logprobs = { content: this.#logprobs };
      this.#logprobs = [];
    }
    return choice;
  }

  #noteLogprob(sampled: SampledToken): void {
    const { temperature, topLogprobs } = this.#plan.sampling;
    this.#logprobs.push(tokenLogprob(sampled, temperature, topLogprobs ?? 0, this.#plan.pieces));
  }
}
