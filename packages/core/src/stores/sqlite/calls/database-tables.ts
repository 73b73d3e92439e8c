import type { DatabaseSync } from 'node:sqlite';
import { DurableJobTable, durableJobCalls } from '../tables/durable-job-table.ts';
import { IdempotencyTable, idempotencyCalls } from '../tables/idempotency-table.ts';
import { JobTable, jobCalls } from '../tables/job-table.ts';
import { UsageTable, usageCalls } from '../tables/usage-table.ts';
import { WebhookTable, webhookCalls } from '../tables/webhook-table.ts';
import type { CallKind } from './call-kind.ts';

/** What each store's methods need, by the store's name among `Stores`. */
export const callKinds = {
  usage: usageCalls,
  jobs: jobCalls,
  durableJobs: durableJobCalls,
  webhooks: webhookCalls,
  idempotency: idempotencyCalls,
};

export type TableName = keyof typeof callKinds;

/** One call of a store, as data. */
export interface StoreCall {
  readonly table: TableName;
  readonly method: string;
  readonly args: readonly unknown[];
}

export type CallOutcome = { readonly result: unknown } | { readonly error: unknown };

const strictness: Record<CallKind, number> = { read: 0, quick: 1, durable: 2 };

/** All tables of one connection, behind one door: calls as data, many in one commit. Does not close the database. */
export class DatabaseTables {
  readonly #database: DatabaseSync;
  readonly #tables: Readonly<Record<TableName, object>>;
  #synchronous: CallKind | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const idempotency = new IdempotencyTable(database);
    const webhooks = new WebhookTable(database);
    this.#tables = {
      usage: new UsageTable(database),
      jobs: new JobTable(database),
      durableJobs: new DurableJobTable(database, { idempotency, webhooks }),
      webhooks,
      idempotency,
    };
  }

  /**
   * Runs the calls in order, with one commit as strict as the strictest of them. Each call happens as a whole or not at
   * all, whatever becomes of the others; when the commit fails, all have failed.
   */
  run(calls: readonly StoreCall[]): CallOutcome[] {
    const kind = calls.map(kindOf).reduce((one, other) => (strictness[one] >= strictness[other] ? one : other), 'read');
    if (kind === 'read') return calls.map((call) => this.#try(call));
    try {
      return this.#commit(calls, kind);
    } catch (error) {
      // A full disk may have ended the transaction already.
      if (this.#database.isTransaction) this.#database.exec('rollback');
      return calls.map(() => ({ error }));
    }
  }

  #commit(calls: readonly StoreCall[], kind: CallKind): CallOutcome[] {
    this.#synchronise(kind);
    this.#database.exec('begin immediate');
    const outcomes = calls.map((call) => this.#savepoint(call));
    this.#database.exec('commit');
    return outcomes;
  }

  /** How durable a commit is belongs to the connection and may change between transactions. */
  #synchronise(kind: CallKind): void {
    if (this.#synchronous === kind) return;
    this.#database.exec(`pragma synchronous = ${kind === 'durable' ? 'full' : 'normal'}`);
    this.#synchronous = kind;
  }

  #savepoint(call: StoreCall): CallOutcome {
    if (kindOf(call) === 'read') return this.#try(call);
    this.#database.exec('savepoint one_call');
    const outcome = this.#try(call);
    if ('error' in outcome) {
      if (!this.#database.isTransaction) throw outcome.error;
      this.#database.exec('rollback to one_call');
    }
    this.#database.exec('release one_call');
    return outcome;
  }

  #try({ table, method, args }: StoreCall): CallOutcome {
    try {
      const target = this.#tables[table];
      const run: unknown = Reflect.get(target, method);
      if (typeof run !== 'function') throw new Error(`The store ${table} has no method ${method}.`);
      return { result: run.apply(target, args) };
    } catch (error) {
      return { error };
    }
  }
}

function kindOf({ table, method }: StoreCall): CallKind {
  const kinds: Readonly<Record<string, CallKind>> = callKinds[table];
  return kinds[method] ?? 'durable';
}
