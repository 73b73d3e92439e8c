import { pollDelayMs } from '@anura/core';
import { answerError, retryAfterMs } from './answer-error.js';
import type { Connection } from './connection.js';
import type { CallOptions } from './exchange.js';
import type { JobPending } from './generated/types.gen.js';
import { fetchMade, isJson, type MadeBytes, madeBytes } from './made-bytes.js';
import { parseJson } from './parse-json.js';

/** What a job made, or that it still works on it. */
export type JobOutcome =
  | ({ state: 'ready' } & MadeBytes)
  | ({
      state: 'pending';
      /** How long the server asks to wait before asking again. */
      retryAfterMs: number;
    } & JobPending['data']);

/** Asks one of the paths that answer with JSON until the result is there, and with the result then. */
export async function fetchOutcome(connection: Connection, path: string, options?: CallOptions): Promise<JobOutcome> {
  const answer = await fetchMade(connection, path, options);
  if (!isJson(answer)) return { state: 'ready', ...madeBytes(answer) };
  const pending = parseJson(answer.bytes);
  if (!isPending(pending)) throw answerError(answer.response, pending);
  const pauseMs = retryAfterMs(answer.response) || pollDelayMs(pending.data);
  return { state: 'pending', retryAfterMs: pauseMs, ...pending.data };
}

function isPending(body: unknown): body is JobPending {
  return typeof body === 'object' && body !== null && 'status' in body && body.status === 102 && 'data' in body;
}
