import type { IdempotentAnswers } from '@anura/core/idempotency';
import type { Request, RequestHandler, Response, Router } from 'express';
import { answerOnce } from '../http/answer-once.ts';
import { type Caller, callerOf, requireScope } from '../http/caller.ts';
import { signalOf } from '../http/exchange.ts';
import { requesterOf } from '../http/rate-limit.ts';
import type { Handlers, OperationContext, OperationId } from './operation.ts';

/** The part of the contract document that says where each operation is. */
export interface ContractDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId?: string }>>>>;
}

/** Operations of the key's scope `admin` check it themselves; all others need `inference` unless the contract opens them. */
const openToEveryScope = new Set<OperationId>([
  'getHealth',
  'createKey',
  'listKeys',
  'revokeKey',
  'getUsage',
  'listModels',
  'getModel',
  'listImageModels',
  'listVideoModels',
  'listAudioModels',
  'getJob', // a key sees its own jobs only
]);

/** Mounts every operation of the contract at its path. */
export function mountOperations(
  router: Router,
  contract: ContractDocument,
  handlers: Handlers,
  answers: IdempotentAnswers,
): void {
  for (const [path, methods] of Object.entries(contract.paths)) {
    for (const [method, { operationId }] of Object.entries(methods)) {
      if (operationId === undefined) continue;
      const route = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
      const handle = answer(operationId as OperationId, handlers, answers);
      if (method === 'get' || method === 'post' || method === 'delete') route[method](handle);
      else throw new Error(`The contract has ${method} ${path}, a method this server does not mount.`);
    }
  }
}

function answer(id: OperationId, handlers: Handlers, answers: IdempotentAnswers): RequestHandler {
  // The table is typed by operation; here, where the operation is only known by name, the types meet.
  const handle = handlers[id] as (request: Request, response: Response, context: OperationContext) => unknown;
  return async (request, response) => {
    const caller = callerOf(response) ?? nobody;
    if (!openToEveryScope.has(id)) requireScope(caller, 'inference');
    const context = { caller, requester: requesterOf(response), signal: signalOf(response) };
    const run = async () => handle(request, response, context);
    await answerOnce(request, response, { operation: id, keyId: caller.id, answers }, run);
  };
}

/** Asks the operations that are open to everyone; it has no right to any other. */
const nobody: Caller = {
  id: '',
  name: null,
  prefix: '',
  scopes: [],
  created_at: '',
  expires_at: null,
  last_used_at: null,
  revoked_at: null,
  rate_limit: { requests_per_second: null, tokens_per_minute: null, concurrent_requests: null, monthly_tokens: null },
  weight: 1,
};
