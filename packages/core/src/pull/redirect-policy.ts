import ipaddr from 'ipaddr.js';
import { GatewayError } from '../errors/gateway-error.ts';
import { isReachable, type Reach } from '../network/reach.ts';

/**
 * Why a redirect is not followed, or nothing. Names are judged later, when they are resolved, so that a name cannot point elsewhere
 * between check and connection.
 */
export function redirectRefusal(from: URL, to: URL, reach: Reach): string | undefined {
  if (to.protocol !== 'https:' && to.protocol !== 'http:') return 'it leaves HTTP';
  if (from.protocol === 'https:' && to.protocol !== 'https:') return 'it leaves HTTPS';
  if (to.username !== '' || to.password !== '') return 'it carries a login';
  if (from.hostname === to.hostname) return undefined;
  const literal = to.hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(literal) && !isReachable(literal, reach)) return 'it leads into a private network';
  return undefined;
}

export function refusedRedirect(reason: string): GatewayError {
  return new GatewayError('engine-failed', `The registry’s redirect is not followed: ${reason}.`);
}
