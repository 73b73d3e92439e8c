import { AnuraError, type ChatCompletionChunk } from '@anura/client';

/** What one request came to. Times are in milliseconds. */
export type Measurement =
  | {
      readonly outcome: 'answered';
      readonly latencyMs: number;
      /** Absent when the answer was empty. */
      readonly firstTokenMs: number | undefined;
      readonly promptTokens: number;
      readonly completionTokens: number;
      /** From the first token to the last; 0 when there was one at most. */
      readonly generationMs: number;
    }
  | {
      readonly outcome: 'failed';
      /** The server's or the client's, like `rate_limit_exceeded`. */
      readonly code: string;
      readonly status: number | undefined;
      readonly message: string;
      readonly retryAfterMs: number | undefined;
    };

/**
 * Reads one stream to its end and measures it. A failure is a measurement too, except of the caller's own signal, which throws.
 * @param now milliseconds on a clock that never goes back
 */
export async function measureStream(
  open: () => AsyncIterable<ChatCompletionChunk>,
  signal: AbortSignal,
  now: () => number,
): Promise<Measurement> {
  const startedAt = now();
  const seen = { firstAt: 0, lastAt: 0, pieces: 0, promptTokens: 0, completionTokens: 0 };
  try {
    for await (const chunk of open()) {
      if (hasToken(chunk)) {
        seen.lastAt = now();
        seen.firstAt ||= seen.lastAt;
        seen.pieces += 1;
      }
      seen.promptTokens = chunk.usage?.prompt_tokens || seen.promptTokens;
      seen.completionTokens = chunk.usage?.completion_tokens || seen.completionTokens;
    }
  } catch (error) {
    signal.throwIfAborted();
    return failureFrom(error);
  }
  // Servers that do not count for us send about a token a piece.
  const completionTokens = seen.completionTokens || seen.pieces;
  return {
    outcome: 'answered',
    latencyMs: now() - startedAt,
    firstTokenMs: seen.pieces > 0 ? seen.firstAt - startedAt : undefined,
    promptTokens: seen.promptTokens,
    completionTokens,
    generationMs: seen.lastAt - seen.firstAt,
  };
}

function hasToken({ choices }: ChatCompletionChunk): boolean {
  return choices.some(({ delta }) => delta.content || delta.reasoning_content || delta.tool_calls?.length);
}

function failureFrom(error: unknown): Measurement {
  if (!AnuraError.is(error)) throw error;
  const { code, status, message, retryAfterMs } = error;
  return { outcome: 'failed', code, status, message, retryAfterMs };
}
