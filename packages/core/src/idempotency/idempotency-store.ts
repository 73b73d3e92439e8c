import type { IdempotencyDecision, StoredAnswer } from './decide-idempotency.ts';

/** Whose key it is, and which. */
export interface IdempotencyName {
  readonly keyId: string;
  readonly key: string;
}

export interface BeginRequest extends IdempotencyName {
  readonly fingerprint: string;
  readonly nowMs: number;
  /** Entries older than this count as gone. */
  readonly keptSinceMs: number;
  /** The request counts as running until then, unless `renew` says so again. */
  readonly runningUntilMs: number;
}

/**
 * Where answers to requests with an `Idempotency-Key` are kept. Jobs that survive bring their key along to
 * `DurableJobStore.submit`, which writes the same entries. Every implementation runs `idempotency-store.conformance.ts`.
 */
export interface IdempotencyStore {
  /** Decides and, with `begin`, notes that the request runs, in one step: of two at the same moment one begins. */
  begin(request: BeginRequest): Promise<IdempotencyDecision>;
  /** Says that it still runs. */
  renew(name: IdempotencyName, runningUntilMs: number): Promise<void>;
  /** Keeps the answer. */
  finish(name: IdempotencyName, answer: StoredAnswer): Promise<void>;
  /** Forgets a request that came to nothing worth keeping, so that it may be tried again. */
  abandon(name: IdempotencyName): Promise<void>;
  /** Deletes at most `limit` entries from before the time and returns how many. */
  prune(createdBeforeMs: number, limit: number): Promise<number>;
}
