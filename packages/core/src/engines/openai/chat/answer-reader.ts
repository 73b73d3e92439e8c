import type { ChatCompletionChunk, ChatUsage, FinishReason } from '@anura/openapi';
import type { GatewayError } from '../../../errors/gateway-error.ts';
import type { ChatEngineChunk } from '../../chat-engine.ts';
import { readErrorBody } from '../upstream/error-body.ts';
import { readUsage } from './read-usage.ts';
import { ToolCallPieces } from './tool-call-pieces.ts';

type Choice = ChatCompletionChunk['choices'][number];

/** How the reader says what is wrong; the provider's name and the redaction are the caller's. */
export interface AnswerErrors {
  unreadable(what: string): GatewayError;
  failure(status: number, text: string): GatewayError;
}

interface ChoiceState {
  readonly calls: ToolCallPieces;
  finishReason: FinishReason | undefined;
}

/**
 * Reads the events of one streamed answer. Pieces of text pass at once; finish reasons and usage are kept until the end, so
 * that nothing which looks complete leaves before it is known to be complete.
 *
 *   event ──► read() ──► piece with something in it, or nothing
 *   [DONE] or end of stream ──► finish() ──► one last chunk: every finish_reason and the usage; or the error why not
 */
export class AnswerReader {
  readonly #errors: AnswerErrors;
  readonly #wantedChoices: number;
  readonly #choices = new Map<number, ChoiceState>();
  #usage: ChatUsage | undefined;
  #done = false;

  constructor(wantedChoices: number, errors: AnswerErrors) {
    this.#wantedChoices = wantedChoices;
    this.#errors = errors;
  }

  /** Whether `[DONE]` was read. */
  get done(): boolean {
    return this.#done;
  }

  /** @returns what the event adds to the answer; undefined when it adds nothing to pass on. Throws a `GatewayError`. */
  read(data: string): ChatEngineChunk | undefined {
    if (data === '[DONE]') {
      this.#done = true;
      return undefined;
    }
    let event: unknown;
    try {
      event = JSON.parse(data);
    } catch {
      throw this.#errors.unreadable('sent an event whose JSON cannot be read');
    }
    return this.readEvent(event);
  }

  /** The same for an event parsed already. */
  readEvent(value: unknown): ChatEngineChunk | undefined {
    if (typeof value !== 'object' || value === null)
      throw this.#errors.unreadable('sent an event that is no chat chunk');
    const event = value as Record<string, unknown>;
    if (event['error'] != null || event['object'] === 'error') throw this.#errorEvent(event);
    this.#usage = readUsage(event) ?? this.#usage;
    const { choices } = event;
    if (!Array.isArray(choices) || choices.length === 0) return undefined;
    const read = choices.flatMap((choice) => this.#readChoice(choice) ?? []);
    return read.length > 0 ? { choices: read } : undefined;
  }

  /** A whole `chat.completion`, from upstreams that answer plainly although a stream was asked for. */
  readWhole(value: unknown): ChatEngineChunk | undefined {
    const answer = value as { choices?: unknown } | null;
    const choices = Array.isArray(answer?.choices) ? answer.choices : [];
    const piece = this.readEvent({
      ...answer,
      choices: choices.map((choice) => ({ ...choice, delta: choice?.message })),
    });
    this.#done = true;
    return piece;
  }

  /**
   * The last chunk: every choice's finish reason and the usage, which is absent when the upstream did not tell. Throws when
   * the answer is not complete.
   */
  finish(requireDone: boolean): ChatEngineChunk {
    const states = [...this.#choices].sort(([left], [right]) => left - right);
    if (states.length === 0) throw this.#errors.unreadable('closed the stream without an answer');
    if (states.length < this.#wantedChoices) {
      throw this.#errors.unreadable(`gave ${states.length} of ${this.#wantedChoices} answers`);
    }
    const choices = states.map(([index, { finishReason, calls }]): Choice => {
      if (finishReason === undefined) throw this.#errors.unreadable('closed the stream before the answer was complete');
      const reason = finishReason === 'stop' && calls.callCount > 0 ? 'tool_calls' : finishReason;
      return { index, delta: {}, finish_reason: reason };
    });
    if (requireDone && !this.#done)
      throw this.#errors.unreadable('closed the stream without [DONE], so the answer may be cut');
    return this.#usage ? { choices, usage: this.#usage } : { choices };
  }

  #errorEvent(event: Record<string, unknown>): GatewayError {
    const body = readErrorBody(event);
    const status = body?.status !== undefined && body.status >= 400 && body.status < 600 ? body.status : 500;
    return this.#errors.failure(status, JSON.stringify(event));
  }

  #readChoice(value: unknown): Choice | undefined {
    const choice = (value ?? {}) as Record<string, unknown>;
    const index = typeof choice['index'] === 'number' ? choice['index'] : 0;
    const state = this.#state(index);
    const finish = choice['finish_reason'];
    if (typeof finish === 'string' && finish !== '') state.finishReason = this.#finishReason(finish);
    const delta = readDelta((choice['delta'] ?? {}) as Record<string, unknown>, state.calls);
    const logprobs = choice['logprobs'] as Choice['logprobs'];
    if (!delta && !logprobs?.content?.length) return undefined;
    const piece: Choice = { index, delta: delta ?? {}, finish_reason: null };
    return logprobs?.content ? { ...piece, logprobs: { content: logprobs.content } } : piece;
  }

  #state(index: number): ChoiceState {
    let state = this.#choices.get(index);
    if (!state) {
      state = { calls: new ToolCallPieces(), finishReason: undefined };
      this.#choices.set(index, state);
    }
    return state;
  }

  #finishReason(reason: string): FinishReason {
    if (reason === 'error' || reason === 'abort') throw this.#errors.unreadable(`gave up its answer ("${reason}")`);
    return finishReasons[reason] ?? 'stop';
  }
}

const finishReasons: Record<string, FinishReason> = {
  length: 'length',
  max_tokens: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
};

/** What the delta adds, by the contract's names; undefined when nothing. A refusal is text the model said. */
function readDelta(delta: Record<string, unknown>, calls: ToolCallPieces): Choice['delta'] | undefined {
  const content = text(delta['content']) ?? text(delta['refusal']);
  const reasoning = text(delta['reasoning_content']) ?? text(delta['reasoning']);
  const pieces = delta['tool_calls'];
  const toolCalls = Array.isArray(pieces) && pieces.length > 0 ? calls.read(pieces) : undefined;
  if (content === undefined && reasoning === undefined && !toolCalls) return undefined;
  const read: Choice['delta'] = {};
  if (content !== undefined) read.content = content;
  if (reasoning !== undefined) read.reasoning_content = reasoning;
  if (toolCalls) read.tool_calls = toolCalls;
  return read;
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
