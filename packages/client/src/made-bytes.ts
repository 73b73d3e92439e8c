import { answerError } from './answer-error.js';
import type { Connection } from './connection.js';
import { type Answer, type CallOptions, exchange } from './exchange.js';
import { invalidOption } from './invalid-option.js';

/** Bytes that a job made. */
export type MadeBytes = {
  bytes: Uint8Array<ArrayBuffer>;
  /** E.g. `image/png`. */
  contentType: string;
  jobOfferId: string | undefined;
};

export type CreateOptions = CallOptions & {
  /**
   * A text of your own, new for each thing you want made: asking again with it makes nothing twice, even after your program was
   * started anew. `create` makes one up otherwise. What waits for the result (`image`, `speech`) does not: under a key the job
   * goes on when you leave, without one it is cancelled.
   */
  idempotencyKey?: string | undefined;
  /** Answer when the job is over, or after so many seconds, 60 at most; for `video.create` and `audio.create`. */
  waitSeconds?: number | undefined;
};

export function createHeaders({ idempotencyKey, waitSeconds }: CreateOptions = {}): Record<string, string> {
  if (idempotencyKey !== undefined && !/^[\x20-\x7e]{1,255}$/.test(idempotencyKey))
    throw invalidOption('idempotencyKey', 'An idempotencyKey is 1 to 255 ASCII characters on one line.');
  return {
    ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
    ...(waitSeconds === undefined ? {} : { Prefer: `wait=${Math.ceil(waitSeconds)}` }),
  };
}

/** Has something made and waits for it; leaving cancels it, unless it has a key. @param path of the contract, with its leading slash. */
export async function make(
  connection: Connection,
  path: string,
  body: object,
  options?: CreateOptions,
): Promise<MadeBytes> {
  const url = `${connection.url}${path}`;
  const headers = createHeaders(options);
  return madeBytes(await exchange(connection, { method: 'POST', url, headers, body: JSON.stringify(body) }, options));
}

/** Fetches what was made. @param path of the contract, escaped, with its leading slash. */
export function fetchMade(connection: Connection, path: string, options?: CallOptions): Promise<Answer> {
  return exchange(connection, { method: 'GET', url: `${connection.url}${path}`, headers: {} }, options);
}

/** Throws when it is not what a job makes, but a page of a proxy, or JSON. */
export function madeBytes(answer: Answer): MadeBytes {
  const { response, bytes } = answer;
  const contentType = response.headers.get('content-type') ?? 'application/octet-stream';
  if (isJson(answer) || contentType.startsWith('text/')) throw answerError(response, undefined);
  return { bytes, contentType, jobOfferId: response.headers.get('job-offer-id') ?? undefined };
}

export const isJson = ({ response }: Answer): boolean =>
  response.headers.get('content-type')?.startsWith('application/json') ?? false;
