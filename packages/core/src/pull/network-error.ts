import { GatewayError } from '../errors/gateway-error.ts';

/** What a download says when the caller stopped it. */
export function stopped(signal: AbortSignal): GatewayError {
  return new GatewayError('cancelled', 'Stopped. What has arrived is kept: pull again to go on from there.', {
    cause: signal.reason,
  });
}

const timeouts = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** Sentences for what people meet; none holds an address, since CDN addresses are signed. */
const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known. Check the network and the spelling',
  EAI_AGAIN: 'its name could not be looked up. Check the network',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
};

/** Turns what a socket or undici threw into an error that says whether another try could help. */
export function networkError(error: unknown, signal: AbortSignal): GatewayError {
  if (signal.aborted) return stopped(signal);
  if (GatewayError.is(error)) return error;
  const code = errorCode(error);
  if (timeouts.has(code)) {
    return new GatewayError('engine-timeout', 'The registry did not answer in time.', { retry: 'here', cause: error });
  }
  if (/CERT|TLS|SSL/.test(code)) {
    return new GatewayError('engine-failed', `The registry’s certificate is not trusted (${code}).`, { cause: error });
  }
  const reason = reasons[code] ?? (code || 'the connection failed');
  return new GatewayError('engine-failed', `The registry cannot be reached: ${reason}.`, {
    retry: 'here',
    cause: error,
  });
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? '' : errorCode(error.cause);
}
