import { GatewayError } from '@anura/core';
import type { KeyRequest, KeyRing } from '@anura/core/keys';
import type { CreateKeyRequest } from '@anura/openapi';
import { requireScope } from '../http/caller.ts';
import { envelope } from './envelope.ts';
import type { Handlers } from './operation.ts';

export function keyOperations({ keys }: { keys: KeyRing }): Pick<Handlers, 'createKey' | 'listKeys' | 'revokeKey'> {
  return {
    async createKey({ body }, response, { caller }) {
      requireScope(caller, 'admin');
      const { secret, key } = await keys.create(keyRequest(body));
      response.json(
        envelope('Created key successfully. Keep it safe, it is not shown again.', { ...key, key: secret }),
      );
    },
    listKeys(_request, response, { caller }) {
      requireScope(caller, 'admin');
      response.json(envelope('Retrieved keys successfully', { keys: keys.list().toReversed() }));
    },
    async revokeKey({ params }, response, { caller }) {
      requireScope(caller, 'admin');
      if (params.id === caller.id) {
        throw new GatewayError(
          'invalid-request',
          'A key cannot revoke itself, or nobody might be left to make another. Use a second admin key.',
          { param: 'id' },
        );
      }
      response.json(envelope('Revoked key successfully', await keys.revoke(params.id)));
    },
  };
}

/** The wire's request in the key ring's words. `null` means the same as leaving a field out. */
function keyRequest(body: CreateKeyRequest): KeyRequest {
  const { name, scopes, weight, requests_per_second, tokens_per_minute, concurrent_requests, monthly_tokens } = body;
  return {
    name: name ?? null,
    ...(scopes ? { scopes } : {}),
    ...(weight == null ? {} : { weight }),
    expiresAt: expiry(body),
    rateLimit: {
      requests_per_second: requests_per_second ?? null,
      tokens_per_minute: tokens_per_minute ?? null,
      concurrent_requests: concurrent_requests ?? null,
      monthly_tokens: monthly_tokens ?? null,
    },
  };
}

const dayMs = 86_400_000;

function expiry({ expires_at, expires_in_days }: CreateKeyRequest): Date | null {
  if (expires_at != null && expires_in_days != null) {
    throw new GatewayError('invalid-request', 'Send expires_at or expires_in_days, not both.', {
      param: 'expires_in_days',
    });
  }
  if (expires_in_days != null) return new Date(Date.now() + expires_in_days * dayMs);
  return expires_at == null ? null : new Date(expires_at);
}
