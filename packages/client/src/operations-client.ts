import { answerError } from './answer-error.js';
import { checkReachesFromHere } from './base-url.js';
import type { Connection } from './connection.js';
import { exchange } from './exchange.js';
import { type Client, type Config, createClient, createConfig } from './generated/client/index.js';
import { idempotencyHeader } from './idempotency-key.js';
import { checkPathPart } from './path-part.js';

/**
 * The generated client with our manners: one typed error, patience with a bound, safe retries. The generated operations
 * take it as `client`.
 */
export function operationsClient(connection: Connection): Client {
  const client = createClient(
    createConfig({ baseUrl: connection.url, throwOnError: true, responseValidator: checkIsObject }),
  );
  // It parses the answer, once; an embedding may have megabytes. What is no JSON, or no object, is not from Anura.
  client.interceptors.error.use((error, response) =>
    error instanceof SyntaxError && response ? answerError(response, undefined) : error,
  );
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
  if (bytes.length === 0 || !isMachineReadable(response)) throw answerError(response, undefined);
  const { status, headers: answered, url: from, redirected } = response;
  // A `Response` made by hand knows neither where it came from nor by which way.
  return Object.defineProperties(new Response(bytes, { status, headers: answered }), {
    url: { value: from },
    redirected: { value: redirected },
  });
}

/** No operation answers with a web page or without a type. */
const isMachineReadable = ({ headers }: Response): boolean =>
  !(headers.get('content-type') ?? 'text/plain').startsWith('text/');

async function checkIsObject(content: unknown): Promise<void> {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new SyntaxError('no object');
}
