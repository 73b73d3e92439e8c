import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './reach.ts';
import { readUrlList } from './url-list.ts';

describe('a list of pages', () => {
  it('has one address a line, each taken once, comments passed over', () => {
    const list = '# pages\nhttps://a.example/x\r\n\n  http://b.example  \nhttps://a.example/x#part\n';
    expect(readUrlList(list).map(String)).toEqual(['https://a.example/x', 'http://b.example/']);
  });

  it.each([
    ['nonsense', 'https://a.example\nfrogs', /Line 2/],
    ['a file', 'file:///etc/passwd', /Line 1/],
    ['a password', 'https://me:secret@a.example', /password/],
    [
      'too many',
      Array.from({ length: 10_001 }, (_, index) => `https://a.example/${index}`).join('\n'),
      /at most 10000/,
    ],
  ])('with %s is refused', (_what, list, why) => {
    expect(() => readUrlList(list)).toThrow(
      expect.objectContaining({ code: 'invalid-request', message: expect.stringMatching(why) }),
    );
    expect(() => readUrlList(list)).not.toThrow(/secret/);
  });
});

describe('an address', () => {
  it.each(['93.184.216.34', '2606:2800:220:1::1'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '192.168.0.1',
    '169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    '0.0.0.0',
    '::1',
    '::ffff:127.0.0.1',
    'fd00::1',
    'fe80::1',
    'frogs',
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
});
