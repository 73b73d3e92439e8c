import { answerError } from './answer-error.js';
import { AnuraError } from './anura-error.js';
import type { CallOptions } from './call.js';
import type { Connection } from './connection.js';
import { connectionError, timeoutError } from './connection-error.js';
import { SilenceWatch } from './silence-watch.js';

/** Bytes that a job made. */
export type MadeBytes = {
  bytes: Uint8Array;
  /** E.g. `image/png`. */
  contentType: string;
  jobOfferId: string | undefined;
};

export type BytesRequest = {
  method: 'GET' | 'POST';
  /** With its leading slash, escaped. */
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Readonly<Record<string, string>> | undefined;
};

/** One call whose answer is bytes rather than JSON, read whole. Nothing is ever sent again. */
export async function fetchBytes(
  connection: Connection,
  request: BytesRequest,
  options: CallOptions | undefined,
): Promise<MadeBytes> {
  return (await fetchAnswer(connection, request, options)).made;
}

/** The same with the answer's head, for what else it says. */
export async function fetchAnswer(
  connection: Connection,
  request: BytesRequest,
  options: CallOptions | undefined,
): Promise<{ made: MadeBytes; response: Response }> {
  const watch = new SilenceWatch(connection.timeoutMs, options?.signal);
  watch.start();
  try {
    const response = await send(connection, request, watch.signal);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (!response.ok) throw answerError(response, parseJson(bytes));
    const contentType = response.headers.get('content-type') ?? 'application/octet-stream';
    const jobOfferId = response.headers.get('job-offer-id') ?? undefined;
    return { made: { bytes, contentType, jobOfferId }, response };
  } catch (error) {
    if (options?.signal?.aborted) throw options.signal.reason;
    if (watch.expired) throw timeoutError(connection.timeoutMs, connection.url);
    throw AnuraError.is(error) ? error : connectionError(error, connection.url);
  } finally {
    watch.close();
  }
}

function send(connection: Connection, { method, path, body, headers }: BytesRequest, signal: AbortSignal) {
  const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
  return connection.fetch(`${connection.url}${path}`, {
    method,
    headers: { ...connection.headers, ...type, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
  });
}

/** `undefined` for what is not JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
