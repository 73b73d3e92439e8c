import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { signatureHeaders, signingSecret } from './webhook-signature.ts';

it('signs the example of the Standard Webhooks libraries as they do', () => {
  const headers = signatureHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    atMs: 1_614_265_330_000,
    body: '{"test": 2432232314}',
  });
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('gives every key a secret of its own, the same again each time, of 32 bytes', () => {
  const master = Buffer.alloc(32, 7).toString('base64');
  const secrets = ['key_1', 'key_2', 'key_1'].map((keyId) => signingSecret(master, keyId));
  expect(secrets[0]).toBe(secrets[2]);
  expect(secrets[0]).not.toBe(secrets[1]);
  expect(Buffer.from(secrets[0]?.replace('whsec_', '') ?? '', 'base64')).toHaveLength(32);
});

it('signs with the bytes behind the prefix, so that any library can check it', () => {
  const secret = signingSecret(Buffer.alloc(32, 7).toString('base64'), 'key_1');
  const headers = signatureHeaders(secret, { id: 'msg_1', atMs: 5_999, body: 'ü' });
  const expected = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
    .update('msg_1.5.ü')
    .digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${expected}`);
});

it('is accepted by the receivers’ library, which refuses another body', () => {
  const secret = signingSecret(Buffer.alloc(32, 7).toString('base64'), 'key_1');
  const body = JSON.stringify({ type: 'job.completed' });
  const headers = signatureHeaders(secret, { id: 'msg_1', atMs: Date.now(), body });
  expect(new Webhook(secret).verify(body, headers)).toEqual({ type: 'job.completed' });
  expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow(/signature/i);
});
