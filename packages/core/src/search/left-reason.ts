import { GatewayError } from '../errors/gateway-error.ts';

/** Why a search was stopped: the signal's own reason where that is ours, else that the caller left. */
export function leftReason({ reason }: AbortSignal): GatewayError {
  if (GatewayError.is(reason)) return reason;
  return new GatewayError('cancelled', 'The caller left before the search was done.', { cause: reason });
}
