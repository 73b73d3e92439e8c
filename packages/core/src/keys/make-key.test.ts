import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { type KeyRequest, makeKey } from './make-key.ts';
import { presetKey } from './preset-key.ts';

it('makes a key of 256 random bits and keeps only its hash', () => {
  const { secret, stored } = makeKey({}, 0);
  expect(secret).toMatch(/^anr_[0-9a-f]{64}$/);
  expect(stored.hash).toBe(createHash('sha256').update(secret).digest('hex'));
  expect(JSON.stringify(stored)).not.toContain(secret);
  expect(makeKey({}, 0).secret).not.toBe(secret);
});

it('makes an inference key that never expires unless asked otherwise', () => {
  const { secret, stored } = makeKey({}, 1000);
  expect(stored.key).toEqual({
    id: expect.stringMatching(/^key_[0-9a-f]{16}$/),
    name: null,
    prefix: secret.slice(0, 8),
    scopes: ['inference'],
    created_at: '1970-01-01T00:00:01.000Z',
    expires_at: null,
    last_used_at: null,
    revoked_at: null,
    rate_limit: { requests_per_second: null, tokens_per_minute: null, concurrent_requests: null, monthly_tokens: null },
    weight: 1,
  });
});

it.each<[string, KeyRequest]>([
  ['name', { name: 'x'.repeat(201) }],
  ['scopes', { scopes: [] }],
  ['scopes', { scopes: ['admin', 'admin'] }],
  ['scopes', { scopes: ['root' as 'admin'] }],
  ['expires_at', { expiresAt: new Date(1000) }],
  ['expires_at', { expiresAt: new Date(Number.NaN) }],
  ['weight', { weight: 0 }],
  ['weight', { weight: Number.NaN }],
  ['requests_per_second', { rateLimit: { requests_per_second: 0 } }],
  ['tokens_per_minute', { rateLimit: { tokens_per_minute: 1.5 } }],
  ['concurrent_requests', { rateLimit: { concurrent_requests: -1 } }],
  ['monthly_tokens', { rateLimit: { monthly_tokens: Number.POSITIVE_INFINITY } }],
])('refuses a wrong %s by name: %j', (param, request) => {
  expect(() => makeKey(request, 1000)).toThrow(
    expect.objectContaining({ code: 'invalid-request', data: { param }, message: expect.stringContaining(param) }),
  );
});

it.each(['', ' ', 'two words', 'tab\t', 'line\n', 'grün', 'x'.repeat(201)])('refuses %j as a preset key', (text) => {
  const refusal = expect.objectContaining({ code: 'invalid-request', data: { param: 'ANURA_API_KEY' } });
  expect(() => presetKey(text, 0)).toThrow(refusal);
});

it('does not repeat a refused preset key in the message', () => {
  expect(() => presetKey('my secret', 0)).toThrow(/^(?!.*my secret)/);
});

it('does not show any part of a preset key, which may be short', () => {
  expect(JSON.stringify(presetKey('hunter2!', 0))).not.toContain('hunter2');
  expect(presetKey('x', 0).key).toMatchObject({ id: 'key_preset', scopes: ['inference', 'admin'] });
});
