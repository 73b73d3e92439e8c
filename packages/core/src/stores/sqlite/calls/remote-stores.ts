import type { Stores } from '../../stores.ts';
import { callKinds, type StoreCall, type TableName } from './database-tables.ts';

/** Runs a call where the database is. */
export type SendCall = (call: StoreCall) => Promise<unknown>;

/** Stores whose every method is sent as a call. The table of call kinds says which methods there are, so none is forgotten. */
export function remoteStores(send: SendCall): Pick<Stores, TableName> {
  return {
    usage: remote('usage', send),
    jobs: remote('jobs', send),
    durableJobs: remote('durableJobs', send),
    webhooks: remote('webhooks', send),
    idempotency: remote('idempotency', send),
  };
}

function remote<Name extends TableName>(table: Name, send: SendCall): Stores[Name] {
  const methods = Object.keys(callKinds[table]).map((method) => [
    method,
    (...args: readonly unknown[]) => send({ table, method, args }),
  ]);
  return Object.fromEntries(methods) as Stores[Name];
}
