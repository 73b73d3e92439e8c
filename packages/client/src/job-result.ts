import { answerError } from './answer-error.js';
import type { CallOptions } from './call.js';
import type { Connection } from './connection.js';
import { fetchAnswer, type MadeBytes, parseJson } from './fetch-bytes.js';
import type { JobPending } from './generated/index.js';

/** What a job made, or that it still works on it. */
export type JobOutcome =
  | ({ state: 'ready' } & MadeBytes)
  | ({
      state: 'pending' /** How long the server asks to wait before asking again. */;
      retryAfterMs: number;
    } & JobPending['data']);

const usualWaitMs = 2_000;

/** Asks one of the paths that answer with JSON until the result is there, and with the result then. */
export async function fetchOutcome(
  connection: Connection,
  path: string,
  options: CallOptions | undefined,
): Promise<JobOutcome> {
  const { made, response } = await fetchAnswer(connection, { method: 'GET', path }, options);
  if (!made.contentType.startsWith('application/json')) return { state: 'ready', ...made };
  const pending = parseJson(made.bytes);
  if (!isPending(pending)) throw answerError(response, pending);
  const seconds = Number(response.headers.get('retry-after'));
  return { state: 'pending', retryAfterMs: seconds > 0 ? seconds * 1000 : usualWaitMs, ...pending.data };
}

function isPending(body: unknown): body is JobPending {
  return typeof body === 'object' && body !== null && 'status' in body && body.status === 102 && 'data' in body;
}
