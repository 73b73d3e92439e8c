import { AnuraError } from './anura-error.js';

/**
 * The error for a call without an answer. `fetch` says only "fetch failed"; under Node the reason is in its cause, in a
 * browser nobody tells it.
 */
export function connectionError(error: unknown, url: string): AnuraError {
  const reason = reasonOf(error);
  // Node's own fetch waits 300 s, whatever timeoutMs says, and only Node could tell it otherwise.
  if (reason === 'UND_ERR_HEADERS_TIMEOUT' || reason === 'UND_ERR_BODY_TIMEOUT')
    return new AnuraError(
      `${url} said nothing for so long that fetch gave up. Use chat.stream, or a fetch with more patience.`,
      {
        code: 'timeout',
        cause: error,
      },
    );
  return new AnuraError(message(reason, url), { code: 'no_server', cause: error });
}

export function timeoutError(timeoutMs: number, url: string): AnuraError {
  const seconds = Math.round(timeoutMs / 100) / 10;
  return new AnuraError(`${url} said nothing for ${seconds} s. Is it overloaded, or something else than Anura?`, {
    code: 'timeout',
  });
}

export function cutOffError(url: string, cause?: unknown): AnuraError {
  return new AnuraError(`The stream from ${url} ended before the answer was complete.`, {
    code: 'stream_cut_off',
    cause,
  });
}

function message(reason: string, url: string): string {
  if (reason === 'ECONNREFUSED') return `Nothing listens at ${url}. Is the server running? \`anura serve\` starts it.`;
  if (reason === 'ENOTFOUND' || reason === 'EAI_AGAIN')
    return `The host of ${url} has no address. Check the address for a typing error.`;
  if (reason.startsWith('ERR_SSL')) return `${url} does not speak https. Try a base URL with http://.`;
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(reason))
    return `The certificate of ${url} is not trusted here (${reason}). Under Node, name its authority in NODE_EXTRA_CA_CERTS.`;
  if (reason === 'ECONNRESET' || reason === 'UND_ERR_SOCKET')
    return `${url} closed the connection before the answer was complete. Is it an Anura server, and still running?`;
  return `${url} cannot be reached (${reason}). Check the address and that the server is running.`;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
