import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether an address is on the open internet: not of this machine, its network, or a cloud's metadata service. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast' && address !== metadataAddress;
}

/** Azure's, in the middle of the public range. */
const metadataAddress = '168.63.129.16';

/** Resolves names, and refuses those that lead into a private network: judged at the connection, so it cannot change between. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '');
    const open = addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = open;
    if (!first) return callback(Object.assign(new Error('a private address'), { code: 'EPRIVATE' }), '');
    if (options.all) return callback(null, open);
    return callback(null, first.address, first.family);
  });
};

/** Whether a URL's host is written as an address that may not be reached. Names are judged by `publicLookup`. */
export function isPrivateLiteral({ hostname }: URL): boolean {
  const literal = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(literal) && !isPublicAddress(literal);
}
