import { GatewayError } from '../errors/gateway-error.ts';

/**
 * A signal that aborts with `signal`, or with an `engine-timeout` after `timeoutMs`. It holds a timer until `signal` aborts,
 * which therefore must happen, also after a success. (`AbortSignal.any` would cost three times as much on every request.)
 */
export function boundedSignal(signal: AbortSignal, timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  if (signal.aborted) {
    controller.abort(signal.reason);
    return controller.signal;
  }
  const timer = setTimeout(() => controller.abort(tooLong(timeoutMs)), timeoutMs);
  signal.addEventListener(
    'abort',
    () => {
      clearTimeout(timer);
      controller.abort(signal.reason);
    },
    { once: true },
  );
  return controller.signal;
}

const tooLong = (timeoutMs: number): GatewayError =>
  new GatewayError(
    'engine-timeout',
    `The request took longer than the ${timeoutMs / 1000} s this server allows in all.`,
  );

/** The reason a request was ended from outside. */
export function leftError(signal: AbortSignal): GatewayError {
  const { reason } = signal;
  return GatewayError.is(reason)
    ? reason
    : new GatewayError('cancelled', 'The caller left before the answer was complete.');
}
