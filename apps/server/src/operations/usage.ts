import { GatewayError } from '@anura/core';
import type { KeyRing } from '@anura/core/keys';
import type { UsageLedger } from '@anura/core/usage';
import { type Caller, requireScope } from '../http/caller.ts';
import { envelope } from './envelope.ts';
import type { Handlers } from './operation.ts';

const usualDays = 30;

export interface UsageDependencies {
  readonly usage: UsageLedger;
  readonly keys: KeyRing;
}

export function usageOperations({ usage, keys }: UsageDependencies): Pick<Handlers, 'getUsage'> {
  return {
    async getUsage({ query }, response, { caller }) {
      const from = query.from ?? dayAgo(usualDays);
      const to = query.to ?? dayAgo(0);
      if (from > to)
        throw new GatewayError('invalid-request', `from (${from}) is after to (${to}).`, { param: 'from' });
      const keyId = visibleKey(query.key_id, caller);
      const rows = await usage.report({
        from,
        to,
        ...(keyId ? { keyId } : {}),
        ...(query.model ? { model: query.model } : {}),
      });
      const named = rows.map((row) => ({ ...row, key_name: keys.get(row.key_id)?.name ?? null }));
      response.json(envelope('Retrieved usage successfully', { from, to, rows: named }));
    },
  };
}

/** The key whose usage is shown: any for admins, one's own for everybody else. */
function visibleKey(asked: string | undefined, caller: Caller): string | undefined {
  if (caller.scopes.includes('admin')) return asked;
  if (asked !== undefined && asked !== caller.id) requireScope(caller, 'admin');
  return caller.id;
}

const dayAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
