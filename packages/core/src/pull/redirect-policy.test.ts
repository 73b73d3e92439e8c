import { describe, expect, it } from 'vitest';
import { redirectRefusal } from './redirect-policy.ts';

const refusal = (from: string, to: string, reach: 'public' | 'local' = 'public') =>
  redirectRefusal(new URL(from), new URL(to), reach);

describe('redirectRefusal', () => {
  it('lets a registry send downloads to its CDN', () => {
    expect(refusal('https://registry.example/v2/x', 'https://cdn.example/x?signature=1')).toBeUndefined();
  });

  it('never leaves HTTPS, not even for the same host', () => {
    expect(refusal('https://registry.example/x', 'http://registry.example/x')).toMatch(/HTTPS/);
    expect(refusal('https://registry.example/x', 'file:///etc/passwd')).toMatch(/HTTP/);
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '[::1]',
    '[fd12::1]',
    '[::ffff:10.0.0.1]',
    '169.254.169.254',
    '0.0.0.0',
    '2130706433',
  ])('keeps a public registry out of private networks: %s', (host) => {
    expect(refusal('https://registry.example/x', `https://${host}/x`)).toMatch(/private network/);
  });

  it('lets a registry in a private network use storage beside it, but never a metadata service', () => {
    expect(refusal('http://10.0.0.2/x', 'http://10.0.0.3:9000/x', 'local')).toBeUndefined();
    expect(refusal('http://10.0.0.2/x', 'http://169.254.169.254/latest', 'local')).toMatch(/private network/);
    expect(refusal('http://10.0.0.2/x', 'http://[fe80::1]/', 'local')).toMatch(/private network/);
  });

  it('refuses a redirect with a login in it', () => {
    expect(refusal('https://registry.example/x', 'https://user:secret@cdn.example/x')).toMatch(/login/);
  });
});
