import { createHash } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error.ts';
import { canonicalJson, type JsonValue } from '../jobs/canonical-json.ts';

const mostCharacters = 255;

/** Throws `invalid-request` for a key that is empty, too long, or not plain ASCII. */
export function checkIdempotencyKey(key: string): void {
  if (key.length <= mostCharacters && /^[\x21-\x7e]+$/.test(key)) return;
  throw new GatewayError(
    'invalid-request',
    `Idempotency-Key must have 1 to ${mostCharacters} visible ASCII characters, e.g. a UUID.`,
    { param: 'Idempotency-Key' },
  );
}

/** The same for requests that mean the same: the operation and the body, in whatever order its fields come. */
export function fingerprintOf(operation: string, body: JsonValue): string {
  return createHash('sha256')
    .update(`${operation}\n${canonicalJson(body)}`)
    .digest('hex');
}
