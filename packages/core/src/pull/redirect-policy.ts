import ipaddr from 'ipaddr.js';
import { GatewayError } from '../errors/gateway-error.ts';

/**
 * How far from a registry its redirects may lead. `public`: only to addresses of the open internet. `local`: the registry itself
 * is in a private network, so its storage may be too. Metadata services (link-local) are out of bounds for both.
 */
export type Reach = 'public' | 'local';

const privateRanges = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat']);

/** Metadata services that live outside the link-local range. */
const metadataAddresses = new Set(['100.100.100.200', '168.63.129.16', 'fd00:ec2::254', '192.0.0.192']);

/** Whether an IP address may be connected to after a redirect. */
export function isReachable(address: string, reach: Reach): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (metadataAddresses.has(parsed.toString())) return false;
  const range = parsed.range();
  return range === 'unicast' || (reach === 'local' && privateRanges.has(range));
}

/** Whether an IP address belongs to a private network or this machine. */
export function isPrivateAddress(address: string): boolean {
  return ipaddr.isValid(address) && privateRanges.has(ipaddr.process(address).range());
}

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
