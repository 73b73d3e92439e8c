import { expect, it } from 'vitest';
import { isReachable } from './reach.ts';

it.each(['169.254.169.254', '100.100.100.200', 'fd00:ec2::254', '::ffff:169.254.169.254'])(
  'no reach includes the metadata address %s',
  (address) => {
    expect(isReachable(address, 'local')).toBe(false);
    expect(isReachable(address, 'public')).toBe(false);
  },
);

it.each(['127.0.0.1', '2130706433', '10.1.2.3', '192.168.1.1', '::1', 'fd12::1', '::ffff:10.0.0.1', '100.64.0.1'])(
  'the private address %s is within local reach only',
  (address) => {
    expect(isReachable(address, 'local')).toBe(true);
    expect(isReachable(address, 'public')).toBe(false);
  },
);

it.each(['0.0.0.0', '::', '224.0.0.1', '255.255.255.255', 'localhost', ''])(
  'no reach includes %j, which is no address to connect to',
  (address) => {
    expect(isReachable(address, 'local')).toBe(false);
  },
);

it('addresses of the open internet are within every reach', () => {
  expect(isReachable('93.184.216.34', 'public')).toBe(true);
  expect(isReachable('2606:2800:220:1:248:1893:25c8:1946', 'public')).toBe(true);
});
