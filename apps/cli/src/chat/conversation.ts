import type { Anura, ChatCompletionChunk, ChatCompletionRequest, ChatMessage } from '@anura/client';

/** What stays the same from turn to turn. */
export type ChatSettings = Pick<ChatCompletionRequest, 'temperature' | 'max_tokens' | 'seed'>;

/** A conversation with a model: what was said so far, and how to go on. */
export class Conversation {
  model: string;
  system: string | undefined;
  readonly #anura: Anura;
  readonly #settings: ChatSettings;
  #turns: ChatMessage[] = [];

  constructor(anura: Anura, model: string, system: string | undefined, settings: ChatSettings) {
    this.#anura = anura;
    this.model = model;
    this.system = system;
    this.#settings = settings;
  }

  /**
   * Asks, and yields the answer as it is made. The turn counts when something was answered, also when it was stopped halfway;
   * a question that failed is forgotten, so that it can be asked again.
   */
  async *ask(question: string, signal: AbortSignal): AsyncGenerator<ChatDelta> {
    const user: ChatMessage = { role: 'user', content: question };
    let answer = '';
    try {
      for await (const chunk of this.#anura.chat.stream(this.requestFor(user), { signal })) {
        const delta = deltaOf(chunk);
        answer += delta.text;
        yield delta;
      }
    } finally {
      if (answer !== '') this.#turns.push(user, { role: 'assistant', content: answer });
    }
  }

  forget(): void {
    this.#turns = [];
  }

  requestFor(user: ChatMessage): ChatCompletionRequest {
    const system: ChatMessage[] = this.system ? [{ role: 'system', content: this.system }] : [];
    return { model: this.model, messages: [...system, ...this.#turns, user], ...this.#settings };
  }
}

/** What one chunk adds. */
export interface ChatDelta {
  readonly text: string;
  /** What a reasoning model thinks before it answers. */
  readonly reasoning: string;
  readonly finishReason: string | undefined;
}

function deltaOf({ choices: [choice] }: ChatCompletionChunk): ChatDelta {
  return {
    text: choice?.delta.content ?? '',
    reasoning: choice?.delta.reasoning_content ?? '',
    finishReason: choice?.finish_reason ?? undefined,
  };
}
