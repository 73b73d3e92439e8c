import { GatewayError } from '../errors/gateway-error.ts';
import type { CallVerdict } from './circuit-breaker.ts';

/** What the end of a call says about the provider. No error is a success; a caller's mistake or leaving says nothing. */
export function callVerdict(error: unknown): CallVerdict {
  if (error === undefined) return 'success';
  if (!GatewayError.is(error)) return 'neither';
  if (error.code === 'engine-failed' || error.code === 'engine-timeout') return 'fault';
  if (error.code === 'no-capacity' || error.code === 'rate-limited') return 'busy';
  return 'neither';
}
