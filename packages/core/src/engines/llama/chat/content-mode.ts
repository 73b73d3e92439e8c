import type { ChatDelta } from '@anura/openapi';
import { GatewayError } from '../../../errors/gateway-error.ts';
import { JsonGate } from '../output/json-gate.ts';
import { PatternScanner } from '../output/pattern-scanner.ts';
import type { FinishReason } from './answer.ts';
import type { AnswerPlan } from './answer-plan.ts';
import { CallMode } from './call-mode.ts';
import type { AnswerMode, ModeResult } from './mode.ts';
import { ThoughtMode } from './thought-mode.ts';

/** The visible answer: watches for stop texts, calls and thoughts. JSON answers pass a gate that can close them. */
export class ContentMode implements AnswerMode {
  readonly kind = 'content';
  readonly grammar;
  readonly #plan: AnswerPlan;
  readonly #scanner: PatternScanner;
  readonly #patterns: readonly { text: string; means: 'stop' | 'call' | 'thought' }[];
  readonly #gate: JsonGate | undefined;
  #begun = false;
  #document = '';

  constructor(plan: AnswerPlan) {
    this.#plan = plan;
    this.grammar = plan.format?.grammar;
    this.#gate = plan.format === undefined ? undefined : new JsonGate(plan.format.emptyDocument);
    const stops = [...plan.sampling.stop, ...plan.endTexts];
    const thought = plan.thoughts?.prefix;
    this.#patterns = [
      ...stops.map((text) => ({ text, means: 'stop' as const })),
      ...(plan.tools?.syntax.triggers ?? []).map((text) => ({ text, means: 'call' as const })),
      ...(thought === undefined ? [] : [{ text: thought, means: 'thought' as const }]),
    ];
    this.#scanner = new PatternScanner(this.#patterns.map((pattern) => pattern.text));
  }

  read(piece: string): ModeResult {
    const { text, match } = this.#scanner.push(piece);
    const delta = this.#delta(text);
    if (match === undefined) return this.#gate?.complete ? { ...delta, finish: 'stop' } : delta;
    const unread = match.after.length;
    switch (this.#patterns[match.pattern]?.means) {
      case 'call':
        return { ...delta, ...this.#beginCall(unread) };
      case 'thought':
        return { ...delta, next: new ThoughtMode(this.#plan.thoughts?.suffix ?? '', () => ({ next: this })), unread };
      default:
        return { ...delta, finish: 'stop' };
    }
  }

  close(reason: FinishReason): { delta?: ChatDelta; finish: FinishReason } {
    const delta = this.#delta(this.#scanner.flush());
    if (this.#gate === undefined) return { ...delta, finish: reason };
    const whole = this.#gate.complete;
    const content = (delta.delta?.content ?? '') + this.#pass(this.#gate.close());
    if (whole && reason === 'stop') this.#check();
    return { ...(content === '' ? {} : { delta: { content } }), finish: reason };
  }

  #beginCall(unread: number): ModeResult {
    const { tools } = this.#plan;
    return tools === undefined ? {} : { next: new CallMode(tools, 0), unread };
  }

  #delta(text: string): { delta?: ChatDelta } {
    const content = this.#gate === undefined ? this.#withoutLeadingBlanks(text) : this.#pass(this.#gate.push(text));
    return content === '' ? {} : { delta: { content } };
  }

  #pass(json: string): string {
    this.#document += json;
    return json;
  }

  #check(): void {
    const mistake = this.#plan.format?.check(this.#document);
    if (mistake === undefined) return;
    throw new GatewayError('engine-failed', `The model's answer does not satisfy the schema: ${mistake}. Try again.`, {
      retry: 'here',
    });
  }

  /** Templates leave blank lines between a thought or the role mark and the answer. */
  #withoutLeadingBlanks(text: string): string {
    if (this.#begun) return text;
    const visible = text.trimStart();
    this.#begun = visible !== '';
    return visible;
  }
}
