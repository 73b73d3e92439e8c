import { AnuraError } from './anura-error.js';
import type { ErrorBody } from './generated/types.gen.js';
import { version } from './version.js';

/**
 * The error for an HTTP answer that is not what was asked for: the server's own error when the body holds one, else
 * that something other than Anura stands at the URL.
 * @param body what the answer's JSON says; anything else when it is not JSON.
 */
export function answerError(response: Response, body: unknown): AnuraError {
  if (!isErrorBody(body)) return strangerError(response);
  if (body.error.code === 'no_such_operation') return tooOldError(response);
  if (body.error.code === 'no_such_path') return strangerError(response);
  return serverError(body, response);
}

/** Every operation of this client is in the contract, so a server without one is of an earlier contract. */
function tooOldError(response: Response): AnuraError {
  return new AnuraError(
    `The server at ${response.url} has no such operation: it is older than this client (${version}). Update the server, or use the client of its version.`,
    { status: response.status, code: 'server_too_old', requestId: requestId(response) },
  );
}

const requestId = (response: Response | undefined) => response?.headers.get('x-request-id') ?? undefined;

/** @param response absent for an error that came as an event of a stream. */
export function serverError(body: ErrorBodyLike, response?: Response): AnuraError {
  const { message, code, param } = body.error;
  return new AnuraError(message, {
    status: response?.status ?? body.status,
    code: code ?? 'unknown',
    param: param ?? undefined,
    requestId: requestId(response),
    retryAfterMs: retryAfterMs(response),
    data: body.data,
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
  if (response.redirected) return `${answered} after a redirect: use the address it leads to as the base URL.`;
  if (webPage && response.status >= 500)
    return `${answered} with a web page: a proxy stands before the server and could not reach it.`;
  if (webPage) return `${answered} with a web page: something other than the API is there. Check the base URL.`;
  if (response.status === 404)
    return `${answered}: no Anura API is there. The base URL is the server's address, with or without /api/v1.`;
  return `${answered} with something that no Anura server says. Check the base URL.`;
}

/** `Retry-After` is seconds from Anura, and may be a date from a proxy. */
function retryAfterMs(response: Response | undefined): number | undefined {
  const value = response?.headers.get('retry-after');
  if (!value) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
