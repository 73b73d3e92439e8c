import { randomBytes } from 'node:crypto';
import type { ChatDelta, ToolCallDelta } from '@anura/openapi';
import { JsonGate } from '../output/json-gate.ts';
import { PatternScanner } from '../output/pattern-scanner.ts';
import { callOpening } from '../prompt/tool-syntax.ts';
import type { FinishReason } from './answer.ts';
import type { CallableTool, ToolPlan } from './answer-plan.ts';
import type { AnswerMode, ModeResult } from './mode.ts';

/**
 * A call: name and arguments, held to the tool's schema by a grammar that begins after the trigger. The name is streamed as
 * soon as it is certain, the arguments as they are written.
 */
export class CallMode implements AnswerMode {
  readonly kind = 'call';
  readonly grammar;
  readonly #plan: ToolPlan;
  readonly #index: number;
  readonly #arguments = new JsonGate();
  #header = '';
  #named = false;

  constructor(plan: ToolPlan, index: number) {
    this.#plan = plan;
    this.#index = index;
    this.grammar = index === 0 ? plan.grammar : plan.furtherGrammar;
  }

  read(piece: string): ModeResult {
    if (this.#named) return this.#readArguments(piece, {});
    this.#header += piece;
    const found = this.#findName();
    if (found === undefined) return {};
    this.#named = true;
    const start: ToolCallDelta = {
      index: this.#index,
      id: `call_${randomBytes(12).toString('hex')}`,
      type: 'function',
      function: { name: found.tool.name, arguments: '' },
    };
    if (!found.tool.hasParameters && this.#plan.syntax.omitsEmptyArguments) return this.#readArguments('{}', start);
    return this.#readArguments(found.after, start);
  }

  close(reason: FinishReason): { delta?: ChatDelta; finish: FinishReason } {
    if (!this.#named) return { finish: this.#index > 0 && reason === 'stop' ? 'tool_calls' : reason };
    const rest = this.#arguments.complete ? '' : this.#arguments.close();
    const delta = rest === '' ? {} : { delta: this.#delta({ function: { arguments: rest } }) };
    return { ...delta, finish: reason === 'stop' ? 'tool_calls' : reason };
  }

  #readArguments(text: string, start: Partial<ToolCallDelta>): ModeResult {
    const passed = this.#arguments.push(text);
    const named = start.function !== undefined;
    const delta =
      passed === '' && !named
        ? {}
        : { delta: this.#delta({ ...start, function: { ...start.function, arguments: passed } }) };
    return this.#arguments.complete ? { ...delta, ...this.#afterCall() } : delta;
  }

  #afterCall(): ModeResult {
    const { syntax, parallel } = this.#plan;
    if (!parallel || syntax.furtherCalls === undefined) return { finish: 'tool_calls' };
    return {
      next: new BetweenCallsMode(this.#plan, this.#index + 1),
      insert: syntax.afterArguments + syntax.furtherCalls.between,
    };
  }

  #delta(call: Partial<ToolCallDelta>): ChatDelta {
    return { tool_calls: [{ index: this.#index, ...call }] };
  }

  #findName(): { tool: CallableTool; after: string } | undefined {
    const { syntax, tools } = this.#plan;
    const lead = this.#index === 0 ? syntax.afterTrigger : (syntax.furtherCalls?.afterTrigger ?? '');
    for (const tool of tools) {
      const opening = callOpening(lead, tool.name, syntax.beforeArguments);
      if (this.#header.startsWith(opening)) return { tool, after: this.#header.slice(opening.length) };
    }
    return undefined;
  }
}

/** After a call in a syntax that knows several: either another begins, or the turn is over. */
class BetweenCallsMode implements AnswerMode {
  readonly kind = 'call';
  readonly grammar = undefined;
  readonly #plan: ToolPlan;
  readonly #index: number;
  readonly #scanner: PatternScanner;

  constructor(plan: ToolPlan, index: number) {
    this.#plan = plan;
    this.#index = index;
    this.#scanner = new PatternScanner([plan.syntax.furtherCalls?.trigger ?? '']);
  }

  read(piece: string): ModeResult {
    const { text, match } = this.#scanner.push(piece);
    if (text.trim() !== '') return { finish: 'tool_calls' };
    if (match === undefined) return {};
    return { next: new CallMode(this.#plan, this.#index), unread: match.after.length };
  }

  close(): { finish: FinishReason } {
    return { finish: 'tool_calls' };
  }
}
