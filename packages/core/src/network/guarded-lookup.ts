import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isReachable, type Reach } from './reach.ts';

/**
 * Looks names up for sockets and judges the very addresses they are about to use, so that a name cannot lead elsewhere between
 * check and connection. Addresses written as numbers are not looked up: judge those with `isReachable`. `refuse` makes the
 * error of a connection that is not made.
 */
export function guardedLookup(reach: Reach, refuse: () => Error): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? new Error('no address'), []);
      if (!addresses.every(({ address }) => isReachable(address, reach))) {
        return callback(refuse(), []);
      }
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}
