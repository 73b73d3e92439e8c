import type { ChatCompletionChunk, ChatUsage, JobState } from '@anura/openapi';
import type { ChatEngineChunk } from '../engines/chat-engine.ts';

const noUsage: ChatUsage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

/** Makes the chunks of one chat answer: the same id, time and model around whatever the engine says. */
export class ChatChunks {
  readonly #jobOfferId: string;
  readonly #model: string;
  readonly #created: number;

  /** `created` in seconds since 1970. */
  constructor(jobOfferId: string, model: string, created: number) {
    this.#jobOfferId = jobOfferId;
    this.#model = model;
    this.#created = created;
  }

  /** Says that the job is alive and where it stands. The first one also gives every answer its role. */
  state(state: JobState, answers = 1): ChatCompletionChunk {
    const choices = Array.from({ length: answers }, (_, index) => ({
      index,
      delta: { role: 'assistant' as const, content: null },
      finish_reason: null,
    }));
    return this.#chunk(state, choices, noUsage);
  }

  piece({ choices, usage }: ChatEngineChunk): ChatCompletionChunk {
    return this.#chunk('ResultsSubmitted', choices, usage ?? undefined);
  }

  #chunk(state: JobState, choices: ChatCompletionChunk['choices'], usage: ChatUsage | undefined): ChatCompletionChunk {
    return {
      id: `jobId-${this.#jobOfferId}-jobState-${state}`,
      object: 'chat.completion.chunk',
      created: this.#created,
      model: this.#model,
      system_fingerprint: '',
      choices,
      ...(usage ? { usage } : {}),
    };
  }
}

/** Whether a chunk carries anything of the answer: a role or an empty text alone is not a first token. */
export function saysSomething({ choices }: ChatEngineChunk): boolean {
  return choices.some(
    ({ delta, finish_reason }) =>
      delta.content || delta.reasoning_content || (delta.tool_calls?.length ?? 0) > 0 || finish_reason !== null,
  );
}
