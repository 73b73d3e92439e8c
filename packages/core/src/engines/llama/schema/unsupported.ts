import { GatewayError } from '../../../errors/gateway-error.ts';

/** A schema this engine cannot hold a model to. `param` is the full path of the keyword at fault. */
export function unsupported(param: string, reason: string): GatewayError {
  return new GatewayError('invalid-request', `This schema cannot be enforced: ${reason} (at ${param}).`, { param });
}
