import ipaddr from 'ipaddr.js';

/**
 * How far an address that somebody else chose may lead. `public`: only to the open internet. `local`: to private networks and
 * this machine too. Metadata services (link-local) are out of bounds for both.
 */
export type Reach = 'public' | 'local';

const privateRanges = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat']);

/** Metadata services that live outside the link-local range. */
const metadataAddresses = new Set(['100.100.100.200', '168.63.129.16', 'fd00:ec2::254', '192.0.0.192']);

/** Whether an IP address may be connected to. */
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
