import { answerError } from './answer-error.js';
import type { Connection } from './connection.js';
import { connectionError, timeoutError } from './connection-error.js';
import { SilenceWatch } from './silence-watch.js';

export type CallOptions = {
  /** Ends the call, which then throws the signal's reason. */
  signal?: AbortSignal | undefined;
};

/** What a generated operation resolves to; `response` is absent when none came. */
type Outcome<Data> = { data: Data | undefined; error: unknown; response?: Response };

/**
 * Runs one generated operation and turns whatever went wrong into one error that says so.
 * @param operation is called once; nothing is ever sent again.
 */
export async function call<Data>(
  connection: Connection,
  options: CallOptions | undefined,
  operation: (signal: AbortSignal) => Promise<Outcome<Data>>,
): Promise<Data> {
  const watch = new SilenceWatch(connection.timeoutMs, options?.signal);
  watch.start();
  try {
    const { data, error, response } = await operation(watch.signal);
    if (data !== undefined) return data;
    if (options?.signal?.aborted) throw options.signal.reason;
    if (watch.expired) throw timeoutError(connection.timeoutMs, connection.url);
    throw outcomeError(error, response, connection.url);
  } finally {
    watch.close();
  }
}

function outcomeError(error: unknown, response: Response | undefined, url: string): Error {
  // The generated client gives the parsed body, or its text, of an answer that failed; a SyntaxError for a successful
  // one that is not JSON; and what `fetch` threw when the answer did not come, or not all of it.
  const unanswered = response === undefined || (error instanceof Error && !(error instanceof SyntaxError));
  return unanswered ? connectionError(error, url) : answerError(response, error);
}
