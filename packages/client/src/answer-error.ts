import { AnuraError } from './anura-error.js';
import type { ErrorBody } from './generated/types.gen.js';
import { version } from './version.js';

/**
 * The error for an HTTP answer that is not what was asked for: the server's own error when the body holds one, else
 * that something other than Anura stands at the URL.
 * @param body what the answer's JSON says; anything else when it is not JSON.
 */
export function answerError(response: Response, body: unknown): AnuraError {
  if (response.redirected && (!isErrorBody(body) || lostInRedirect(response, body))) return redirectedError(response);
  if (!isErrorBody(body) || body.error.code === 'no_such_path') return strangerError(response);
  if (body.error.code === 'no_such_operation') return tooOldError(response);
  return serverError(body, response);
}

/** A redirect turns a POST into a GET, which the server may not know, and to another host it loses the key. */
const lostInRedirect = ({ status }: Response, { error }: ErrorBodyLike): boolean =>
  status === 401 || error.code === 'no_such_operation' || error.code === 'no_such_path';

function redirectedError(response: Response): AnuraError {
  const message = `The base URL leads on to ${response.url}, and a redirect loses the key or the body. Use the address it leads to as the base URL.`;
  return new AnuraError(message, { status: response.status, code: 'not_the_api', requestId: requestId(response) });
}

/** Every operation of this client is in the contract, so a server without one is of an earlier contract. */
function tooOldError(response: Response): AnuraError {
  return new AnuraError(
    `The server at ${response.url || 'the base URL'} has no such operation: it is older than this client (${version}). Update the server, or use the client of its version.`,
    { status: response.status, code: 'server_too_old', requestId: requestId(response) },
  );
}

const requestId = (response: Response | undefined) => response?.headers.get('x-request-id') ?? undefined;

/**
 * What the body says, as far as it says it in the contract's types: others who speak OpenAI's dialect have numbers as codes.
 * @param response absent for an error that came as an event of a stream.
 */
export function serverError({ error, status, data }: ErrorBodyLike, response?: Response): AnuraError {
  const { message, code, param } = error;
  return new AnuraError(message.trim() || 'The server failed and does not say why.', {
    status: response?.status ?? (typeof status === 'number' ? status : undefined),
    code: typeof code === 'string' ? code : 'unknown',
    param: typeof param === 'string' ? param : undefined,
    requestId: requestId(response),
    retryAfterMs: response && retryAfterMs(response),
    data: typeof data === 'object' && data !== null ? data : undefined,
  });
}

/** Gateways in front of Anura may leave out anything but the message. */
export type ErrorBodyLike = Partial<Pick<ErrorBody, 'status' | 'data'>> & {
  error: Partial<ErrorBody['error']> & { message: string };
};

export function isErrorBody(body: unknown): body is ErrorBodyLike {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  return typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
}

function strangerError(response: Response): AnuraError {
  return new AnuraError(strangerMessage(response), {
    status: response.status,
    code: 'not_the_api',
    requestId: requestId(response),
    retryAfterMs: retryAfterMs(response),
  });
}

function strangerMessage(response: Response): string {
  const answered = `${response.url || 'The server'} answered HTTP ${response.status}`;
  const webPage = response.headers.get('content-type')?.includes('html');
  if (webPage && response.status >= 500)
    return `${answered} with a web page: a proxy stands before the server and could not reach it.`;
  if (webPage) return `${answered} with a web page: something other than the API is there. Check the address.`;
  if (response.status === 404)
    return `${answered}: no Anura API is there. The base URL is the server's address, with or without /api/v1.`;
  return `${answered} with something that no Anura server says. Check the address.`;
}

/** `Retry-After` is seconds from Anura, and may be a date from a proxy. Anything else says nothing. */
export function retryAfterMs({ headers }: Response): number | undefined {
  const value = headers.get('retry-after') ?? '';
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  // Only the form that HTTP has for dates: `Date.parse` also finds one in `-5`.
  return / GMT$/.test(value) ? Math.max(0, Date.parse(value) - Date.now()) || 0 : undefined;
}
