import type { ChatCompletionChunk, ChatCompletionRequest } from '@anura/openapi';
import type { EngineCall } from './engine-call.ts';

/**
 * What an engine yields: the part of a chunk only it can know. The gateway adds id, model and time. `choices` may be empty
 * only beside `usage`. The last chunks carry each choice's `finish_reason` and the true `usage`.
 */
export type ChatEngineChunk = Pick<ChatCompletionChunk, 'choices'> & { usage?: ChatCompletionChunk['usage'] };

/**
 * One way through: every chat engine streams, the plain answer is a fold over the stream.
 *
 * The iterable must end only after every choice had a `finish_reason`, and throw a `GatewayError` otherwise. When
 * `call.signal` aborts, work stops and the slot is free within 100 ms. Leaving the iteration early has the same effect.
 */
export interface ChatEngine {
  /**
   * Refuses what can be refused before any work, e.g. a prompt longer than the context, so that a stream need not begin
   * only to break. Quick, or silent: an engine that cannot tell in a few milliseconds lets `chat` find out.
   */
  admit?(request: ChatCompletionRequest, call: EngineCall): Promise<void> | void;
  chat(request: ChatCompletionRequest, call: EngineCall): AsyncIterable<ChatEngineChunk>;
}
