import type { Key, KeyRateLimit, KeyScope } from '@anura/openapi';
import { GatewayError } from '../errors/gateway-error.ts';
import { hashSecret, makeKeyId, makeSecret, secretPrefix } from './key-secret.ts';
import type { StoredKey } from './key-store.ts';

/** The keys that can be asked for. Everything is optional: `{}` makes an inference key that never expires. */
export interface KeyRequest {
  /** At most 200 characters. */
  readonly name?: string | null;
  /** Default `['inference']`. */
  readonly scopes?: readonly KeyScope[];
  readonly expiresAt?: Date | null;
  /** What is left out falls to the server's default. */
  readonly rateLimit?: Partial<KeyRateLimit>;
  /** Share of a busy machine relative to other keys, above 0. Default 1. */
  readonly weight?: number;
}

/** A key just made. The secret is in no other place. */
export interface MadeKey {
  readonly secret: string;
  readonly stored: StoredKey;
}

/** Makes a key in memory only. Throws `invalid-request` naming what is wrong. */
export function makeKey(request: KeyRequest, nowMs: number): MadeKey {
  checkKeyRequest(request, nowMs);
  const secret = makeSecret();
  const key: Key = {
    id: makeKeyId(),
    name: request.name ?? null,
    prefix: secretPrefix(secret),
    scopes: [...(request.scopes ?? (['inference'] as const))],
    created_at: new Date(nowMs).toISOString(),
    expires_at: request.expiresAt?.toISOString() ?? null,
    last_used_at: null,
    revoked_at: null,
    rate_limit: { ...noLimits, ...request.rateLimit },
    weight: request.weight ?? 1,
  };
  return { secret, stored: { key, hash: hashSecret(secret) } };
}

/** Every limit left to the server's default. */
export const noLimits: Readonly<KeyRateLimit> = {
  requests_per_second: null,
  tokens_per_minute: null,
  concurrent_requests: null,
  monthly_tokens: null,
};

function checkKeyRequest({ name, scopes, expiresAt, rateLimit = {}, weight = 1 }: KeyRequest, nowMs: number): void {
  if ((name ?? '').length > 200) refuse('name', 'at most 200 characters');
  checkScopes(scopes);
  if (expiresAt != null && !(expiresAt.getTime() > nowMs)) refuse('expires_at', 'a time in the future');
  if (!(weight > 0 && weight <= 1000)) refuse('weight', 'a number above 0 and up to 1000');
  for (const [limit, value] of Object.entries(rateLimit)) checkLimit(limit, value);
}

function checkScopes(scopes: readonly KeyScope[] | undefined): void {
  const known = scopes?.every((scope) => scope === 'inference' || scope === 'admin') ?? true;
  if (!known || scopes?.length === 0 || new Set(scopes).size !== (scopes?.length ?? 0)) {
    refuse('scopes', '`inference`, `admin` or both, each once');
  }
}

function checkLimit(limit: string, value: number | null): void {
  const whole = limit !== 'requests_per_second';
  if (value === null) return;
  if (!Number.isFinite(value) || value <= 0 || (whole && !Number.isSafeInteger(value))) {
    refuse(limit, whole ? 'a whole number of at least 1' : 'a number above 0');
  }
}

function refuse(param: string, expected: string): never {
  throw new GatewayError('invalid-request', `The key's ${param} must be ${expected}.`, { param });
}
