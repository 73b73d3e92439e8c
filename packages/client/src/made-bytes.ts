import type { Connection } from './connection.js';
import { type Answer, type CallOptions, exchange } from './exchange.js';

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

export function madeBytes({ response: { headers }, bytes }: Answer): MadeBytes {
  const contentType = headers.get('content-type') ?? 'application/octet-stream';
  return { bytes, contentType, jobOfferId: headers.get('job-offer-id') ?? undefined };
}
