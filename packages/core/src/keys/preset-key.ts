import { GatewayError } from '../errors/gateway-error.ts';
import { hashSecret, maxSecretLength } from './key-secret.ts';
import type { StoredKey } from './key-store.ts';
import { noLimits } from './make-key.ts';

/** The id under which a preset key's jobs and usage are kept, whatever its text. */
export const presetKeyId = 'key_preset';

const printable = /^[\x21-\x7e]+$/;

/**
 * The key an operator gives in the configuration (`ANURA_API_KEY`), for containers and tests. It has both scopes and no
 * limits of its own, lives in memory only and cannot be revoked but by starting without it.
 *
 * Any printable ASCII without spaces will do, up to 200 characters. Throws `invalid-request` without repeating the text.
 */
export function presetKey(text: string, nowMs: number): StoredKey {
  if (!printable.test(text) || text.length > maxSecretLength) {
    const expected = `1 to ${maxSecretLength} printable ASCII characters without spaces`;
    throw new GatewayError('invalid-request', `The preset key must be ${expected}; got ${text.length} characters.`, {
      param: 'ANURA_API_KEY',
    });
  }
  return {
    hash: hashSecret(text),
    key: {
      id: presetKeyId,
      name: 'preset',
      // Its first characters could be all of it: a preset key may be short.
      prefix: 'preset',
      scopes: ['inference', 'admin'],
      created_at: new Date(nowMs).toISOString(),
      expires_at: null,
      last_used_at: null,
      revoked_at: null,
      rate_limit: noLimits,
      weight: 1,
    },
  };
}
