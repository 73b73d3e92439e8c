import type {
  AssistantMessage,
  ChatCompletion,
  ChatCompletionChoice,
  ChatCompletionChunk,
  ChatCompletionChunkChoice,
} from '@anura/openapi';

/** A tool call as it grows. */
interface GrowingCall {
  id: string;
  name: string;
  arguments: string;
}

/** One of the `n` answers as it grows. */
interface GrowingChoice {
  content: string;
  reasoning: string;
  calls: Map<number, GrowingCall>;
  finishReason: ChatCompletionChoice['finish_reason'] | undefined;
  logprobs: NonNullable<NonNullable<ChatCompletionChunkChoice['logprobs']>['content']> | undefined;
}

/**
 * Folds a chat stream into the plain answer, chunk by chunk. `answer()` may be asked at any time; before the end,
 * choices without a finish reason are left out; `message()` has what they said so far.
 */
export class ChatFold {
  #head: ChatCompletionChunk | undefined;
  #usage: ChatCompletion['usage'] = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  readonly #choices = new Map<number, GrowingChoice>();

  add(chunk: ChatCompletionChunk): void {
    this.#head = chunk;
    if (chunk.usage) this.#usage = chunk.usage;
    for (const choice of chunk.choices) this.#grow(choice);
  }

  /** True once every choice seen so far has a finish reason, and there is one. */
  get isComplete(): boolean {
    return this.#choices.size > 0 && [...this.#choices.values()].every((choice) => choice.finishReason !== undefined);
  }

  answer(): ChatCompletion {
    const { id = '', created = 0, model = '', system_fingerprint = '' } = this.#head ?? {};
    const choices = [...this.#choices].sort(([a], [b]) => a - b).flatMap(([index, choice]) => finished(index, choice));
    return { id, object: 'chat.completion', created, model, system_fingerprint, choices, usage: this.#usage };
  }

  /** What has been said so far in one of the choices; empty before its first word. */
  message(index = 0): AssistantMessage {
    return messageOf(this.#choices.get(index) ?? emptyChoice());
  }

  #grow({ index, delta, finish_reason, logprobs }: ChatCompletionChunkChoice): void {
    let choice = this.#choices.get(index);
    if (!choice) {
      choice = emptyChoice();
      this.#choices.set(index, choice);
    }
    if (delta.content) choice.content += delta.content;
    if (delta.reasoning_content) choice.reasoning += delta.reasoning_content;
    for (const call of delta.tool_calls ?? []) growCall(choice.calls, call);
    if (logprobs?.content) {
      choice.logprobs ??= [];
      choice.logprobs.push(...logprobs.content);
    }
    if (finish_reason) choice.finishReason = finish_reason;
  }
}

const emptyChoice = (): GrowingChoice => ({
  content: '',
  reasoning: '',
  calls: new Map(),
  finishReason: undefined,
  logprobs: undefined,
});

type CallDelta = NonNullable<ChatCompletionChunkChoice['delta']['tool_calls']>[number];

function growCall(calls: Map<number, GrowingCall>, delta: CallDelta): void {
  const call = calls.get(delta.index) ?? { id: '', name: '', arguments: '' };
  calls.set(delta.index, call);
  if (delta.id) call.id = delta.id;
  if (delta.function?.name) call.name += delta.function.name;
  if (delta.function?.arguments) call.arguments += delta.function.arguments;
}

function finished(index: number, choice: GrowingChoice): ChatCompletionChoice[] {
  if (choice.finishReason === undefined) return [];
  return [
    {
      index,
      message: messageOf(choice),
      finish_reason: choice.finishReason,
      ...(choice.logprobs ? { logprobs: { content: choice.logprobs } } : {}),
    },
  ];
}

function messageOf({ content, reasoning, calls }: GrowingChoice): AssistantMessage {
  const tool_calls = [...calls]
    .sort(([a], [b]) => a - b)
    .map(([at, { id, name, arguments: text }]) => ({
      id,
      index: at,
      type: 'function' as const,
      function: { name, arguments: text },
    }));
  return {
    role: 'assistant',
    content,
    ...(reasoning ? { reasoning_content: reasoning } : {}),
    ...(tool_calls.length > 0 ? { tool_calls } : {}),
  };
}
