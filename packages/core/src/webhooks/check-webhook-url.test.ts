import { expect, it } from 'vitest';
import { checkWebhookUrl } from './check-webhook-url.ts';

it.each(['https://example.com/hook', 'http://example.com:8080/a?b=c', 'https://93.184.216.34/'])('takes %s', (url) => {
  expect(() => checkWebhookUrl(url, 'public')).not.toThrow();
});

it.each([
  ['not a url', 'not a URL'],
  ['/relative', 'not a URL'],
  ['ftp://example.com/', 'must begin with'],
  ['file:///etc/passwd', 'must begin with'],
  ['https://user:secret@example.com/', 'holds a login'],
  ['http://127.0.0.1/', 'private network'],
  ['http://2130706433/', 'private network'],
  ['http://0x7f.1/', 'private network'],
  ['http://[::1]:3000/', 'private network'],
  ['http://[::ffff:10.0.0.1]/', 'private network'],
  ['http://169.254.169.254/latest/meta-data', 'private network'],
  ['http://192.168.1.1/', 'private network'],
  ['http://localhost/', 'private network'],
  ['http://a.localhost/', 'private network'],
  [`https://example.com/${'x'.repeat(2_000)}`, 'more than 2000 characters'],
])('refuses %s by name', (url, why) => {
  expect(() => checkWebhookUrl(url, 'public')).toThrow(
    expect.objectContaining({
      code: 'invalid-request',
      data: { param: 'webhook_url' },
      message: expect.stringContaining(why),
    }),
  );
});

it('takes private addresses where the operator allows them, but never a metadata service', () => {
  for (const url of ['http://127.0.0.1:3000/', 'http://localhost/', 'http://10.0.0.2/']) {
    expect(() => checkWebhookUrl(url, 'local')).not.toThrow();
  }
  expect(() => checkWebhookUrl('http://169.254.169.254/', 'local')).toThrow(/private network/);
  expect(() => checkWebhookUrl('http://[fe80::1]/', 'local')).toThrow(/private network/);
});
