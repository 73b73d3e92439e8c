import { hash, randomBytes } from 'node:crypto';

/** Longer texts are no keys, and not worth hashing. */
export const maxSecretLength = 200;

const prefixLength = 8;

/** A new key as its owner sees it, once: `anr_` and 256 random bits in lower-case hex. */
export function makeSecret(): string {
  return `anr_${randomBytes(32).toString('hex')}`;
}

/** What is kept of a key. One round of SHA-256 is enough: there is no guessing 256 random bits. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** The first characters, by which people tell keys apart. */
export function secretPrefix(secret: string): string {
  return secret.slice(0, prefixLength);
}

/** A new key's name for everybody, e.g. `key_3f9c1d20a7b45e68`. Not a secret. */
export function makeKeyId(): string {
  return `key_${randomBytes(8).toString('hex')}`;
}
