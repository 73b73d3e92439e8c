import { GatewayError } from '../../errors/gateway-error.ts';

/**
 * The promise's outcome, or `cancelled` as soon as the signal aborts, whichever is first. The work behind the promise is not
 * stopped by this.
 */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(cancelled(signal.reason));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function cancelled(reason: unknown): GatewayError {
  if (GatewayError.is(reason)) return reason;
  return new GatewayError('cancelled', 'The drawing was stopped before it was done.', { cause: reason });
}
