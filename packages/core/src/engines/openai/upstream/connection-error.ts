import { GatewayError } from '../../../errors/gateway-error.ts';

const reasons: Record<string, string> = {
  ECONNREFUSED: 'refused the connection: nothing listens there',
  ENOTFOUND: 'cannot be found: its name does not resolve',
  EAI_AGAIN: 'cannot be found now: its name does not resolve',
  EHOSTUNREACH: 'cannot be reached: no route to it',
  ENETUNREACH: 'cannot be reached: no network to it',
  ECONNRESET: 'cut the connection',
  EPIPE: 'cut the connection',
  UND_ERR_SOCKET: 'cut the connection',
  UND_ERR_HEADERS_OVERFLOW: 'sent more headers than are accepted',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'sent another number of bytes than it had announced',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'sent more than is accepted',
};

/**
 * What undici threw, as an `engine-failed` or `engine-timeout` worth trying elsewhere. The cause keeps the details for the
 * log; the message has no address. A `GatewayError` passes: it is the reason an abort was given.
 */
export function connectionError(provider: string, error: unknown, connectMs: number): GatewayError {
  if (GatewayError.is(error)) return error;
  const code = errorCode(error);
  const at = { retry: 'elsewhere', cause: error } as const;
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return new GatewayError(
      'engine-timeout',
      `Provider ${provider} did not accept a connection within ${connectMs} ms.`,
      at,
    );
  }
  return new GatewayError('engine-failed', `Provider ${provider} ${reasons[code] ?? otherReason(code)}.`, at);
}

function otherReason(code: string): string {
  if (code.startsWith('HPE_')) return 'answered something that is not HTTP';
  if (/CERT|SSL|TLS|ALTNAME|SELF_SIGNED/.test(code)) return `has a certificate that cannot be trusted (${code})`;
  return 'failed while it was asked';
}

/** The first code found in the error, its causes and the attempts for several addresses. */
function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string' && code !== '') return code;
  const inner = Array.isArray(errors) ? errors[0] : undefined;
  return errorCode(cause ?? inner);
}
