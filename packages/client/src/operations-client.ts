import { answerError } from './answer-error.js';
import { checkReachesFromHere } from './base-url.js';
import type { Connection } from './connection.js';
import { exchange } from './exchange.js';
import { type Client, type Config, createClient, createConfig } from './generated/client/index.js';
import { idempotencyHeader } from './idempotency-key.js';
import { parseJson } from './parse-json.js';
import { checkPathPart } from './path-part.js';

/**
 * The generated client with our manners: one typed error, patience with a bound, safe retries. The generated operations
 * take it as `client`.
 */
export function operationsClient(connection: Connection): Client {
  const client = createClient(createConfig({ baseUrl: connection.url, throwOnError: true }));
  const calling = <Call extends Client['get']>(call: Call): Call =>
    ((options) => call({ ...options, ...manners(connection, options) })) as Call;
  const { get, post, put, patch, delete: remove } = client;
  return {
    ...client,
    get: calling(get),
    post: calling(post),
    put: calling(put),
    patch: calling(patch),
    delete: calling(remove),
  };
}

type PathAndSignal = Pick<Parameters<Client['get']>[0], 'path' | 'signal'>;

function manners(connection: Connection, { path = {}, signal }: PathAndSignal): Partial<Config> {
  return {
    // Before the generated client makes a `Request`, which says less about what is wrong.
    requestValidator: async () => {
      checkReachesFromHere(connection.url);
      for (const [name, value] of Object.entries(path)) checkPathPart(name, value);
    },
    // Not for the `Request`: it would listen to the signal until it is collected, thousands of them to a shared one.
    signal: null,
    // It is only ever called with a `Request`, which the generated client has made.
    fetch: (request) => fetchOperation(connection, request as Request, signal),
  };
}

async function fetchOperation(
  connection: Connection,
  request: Request,
  signal: AbortSignal | null | undefined,
): Promise<Response> {
  const { method, url } = request;
  const asked = Object.fromEntries(request.headers);
  const headers = method === 'POST' ? { ...asked, ...idempotencyHeader(new URL(url).pathname, asked) } : asked;
  const body = method === 'GET' ? undefined : (await request.text()) || undefined;
  const { response, bytes } = await exchange(
    connection,
    { method, url, headers, body },
    { signal: signal ?? undefined },
  );
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
