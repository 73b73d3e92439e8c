import { GatewayError, type PreciseErrorCode } from '@anura/core';
import type { KeyRing } from '@anura/core/keys';
import type { Key, KeyScope } from '@anura/openapi';
import type { RequestHandler, Response } from 'express';
import { bearerKey } from './bearer.ts';
import { timingsOf } from './server-timing.ts';

/** Who asks: the key that was presented, without its secret. */
export type Caller = Readonly<Key>;

/** Finds out who asks, or answers 401. Runs before the body is read, so that strangers cannot make the server work. */
export function authenticate(keys: KeyRing, isOpen: (path: string) => boolean): RequestHandler {
  return (request, response, next) => {
    if (isOpen(request.path)) return next();
    const secret = bearerKey(request.headers);
    if (secret === undefined) throw unauthenticated('This needs a key: send Authorization: Bearer anr_…');
    const check = keys.check(secret);
    if (!check.ok) throw unauthenticated(refusals[check.reason], codes[check.reason]);
    response.locals['caller'] = check.key;
    timingsOf(response).mark('auth');
    next();
  };
}

/** Throws 403 unless the key has the right. */
export function requireScope(caller: Caller, scope: KeyScope): void {
  if (caller.scopes.includes(scope)) return;
  throw new GatewayError(
    'forbidden',
    `This needs a key with the scope ${scope}; this one has ${caller.scopes.join(', ')}.`,
  );
}

/** The key that asks; undefined only where the contract lets everyone in. */
export const callerOf = (response: Response): Caller | undefined => response.locals['caller'] as Caller | undefined;

const refusals = {
  unknown:
    'The key is not known here. Check that it was copied whole; the operator can make one with `anura keys create`.',
  expired: 'The key has expired. The operator can make a new one with `anura keys create`.',
  revoked: 'The key was revoked. The operator can make a new one with `anura keys create`.',
};

const codes = { unknown: undefined, expired: 'expired_api_key', revoked: 'revoked_api_key' } as const;

const unauthenticated = (message: string, openaiCode?: PreciseErrorCode): GatewayError =>
  new GatewayError('unauthenticated', message, openaiCode === undefined ? {} : { openaiCode });
