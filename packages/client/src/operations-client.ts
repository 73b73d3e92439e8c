import { answerError } from './answer-error.js';
import { checkReachesFromHere } from './base-url.js';
import type { Connection } from './connection.js';
import { exchange } from './exchange.js';
import { type Client, createClient, createConfig } from './generated/client/index.js';
import { idempotencyHeader } from './idempotency-key.js';
import { parseJson } from './parse-json.js';

/**
 * The generated client with our manners: one typed error, patience with a bound, safe retries. The generated operations
 * take it as `client`.
 */
export function operationsClient(connection: Connection): Client {
  return createClient(
    createConfig({
      baseUrl: connection.url,
      // It is only ever called with a `Request`, which the generated client has made.
      fetch: (request) => fetchOperation(connection, request as Request),
      throwOnError: true,
      // The generated client makes a `Request` first, which says less about it.
      requestValidator: async () => checkReachesFromHere(connection.url),
    }),
  );
}

async function fetchOperation(connection: Connection, request: Request): Promise<Response> {
  const { method, url, signal } = request;
  const asked = Object.fromEntries(request.headers);
  const headers = method === 'POST' ? { ...asked, ...idempotencyHeader(new URL(url).pathname, asked) } : asked;
  const body = method === 'GET' ? undefined : (await request.text()) || undefined;
  const { response, bytes } = await exchange(connection, { method, url, headers, body }, { signal });
  if (!isReadable(response, bytes)) throw answerError(response, undefined);
  const read = new Response(bytes, { status: response.status, headers: response.headers });
  return Object.defineProperty(read, 'url', { value: response.url });
}

/** No operation answers with a web page or without a type, and what says that it is JSON has to be an object. */
function isReadable({ headers }: Response, bytes: Uint8Array): boolean {
  const contentType = headers.get('content-type') ?? 'text/plain';
  if (!contentType.includes('json')) return !contentType.startsWith('text/');
  const content = parseJson(bytes);
  return typeof content === 'object' && content !== null && !Array.isArray(content);
}
