import { describe, expect, it } from 'vitest';
import { parseBearerChallenge, tokenUrl } from './bearer-challenge.ts';

describe('parseBearerChallenge', () => {
  it('leads to the address that hands out tokens', () => {
    const challenge = parseBearerChallenge(
      'Bearer realm="https://auth.example/token?v=2",service="registry",scope="repository:library/m:pull repository:x:pull"',
    );
    expect(challenge && tokenUrl(challenge).href).toBe(
      'https://auth.example/token?v=2&service=registry&scope=repository%3Alibrary%2Fm%3Apull&scope=repository%3Ax%3Apull',
    );
  });

  it.each([
    'Basic realm="x"',
    'Bearer realm="Authentication required"',
    'Bearer',
    'Bearer realm="file:///etc/passwd"',
    '',
  ])('finds no token in %j', (header) => {
    expect(parseBearerChallenge(header)).toBeUndefined();
  });
});
