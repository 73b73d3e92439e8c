import type { JsonValue } from '../canonical-json.ts';
import type { JobChange, JobRecord } from '../job-record.ts';
import type { JobStanding } from './job-estimate.ts';
import type { JobTimeouts } from './job-timeouts.ts';

export type JsonObject = { readonly [field: string]: JsonValue };

/** A job to be kept until it is done, whatever happens to the process. */
export interface NewJob {
  readonly record: JobRecord;
  /** The request itself, e.g. prompt and size: without it a restart could not go on. It is deleted with the job's row, at the end of its retention. */
  readonly input: JsonObject;
  readonly timeouts: JobTimeouts;
  /** The key's share of a busy model relative to other keys. Default 1. */
  readonly weight?: number;
  /** Told once when the job is over. */
  readonly webhookUrl?: string;
  /** Of the caller's `Idempotency-Key`; entries older than `keptSinceMs` count as gone. */
  readonly idempotency?: { readonly key: string; readonly fingerprint: string; readonly keptSinceMs: number };
}

/** Most jobs that may be unfinished. */
export interface QueueBounds {
  readonly perKey: number;
  readonly inAll: number;
}

/** What became of a submit. Everything but `accepted` has changed nothing. */
export type Submitted =
  | { readonly outcome: 'accepted'; readonly record: JobRecord }
  /** The idempotency key was used with the same request: the job it made. */
  | { readonly outcome: 'repeated'; readonly record: JobRecord }
  /** The idempotency key was used with another request. */
  | { readonly outcome: 'conflict' }
  | {
      readonly outcome: 'full';
      readonly whose: 'key' | 'everybody';
      /** As in `JobStanding`. */
      readonly meanMs: number | null;
    };

/** A hold on a job. `attempt` is the fence: once somebody else holds the job, this one changes nothing any more. */
export interface JobLease {
  readonly id: string;
  readonly attempt: number;
}

export interface ClaimedJob extends JobLease {
  readonly record: JobRecord;
  readonly input: JsonObject;
  readonly timeouts: JobTimeouts;
  readonly weight: number;
  /** How often an engine failed it. */
  readonly failures: number;
  /** How often its holder disappeared. */
  readonly lapses: number;
  /** The engine's note about work under way, saved by an earlier attempt. */
  readonly operation: SavedOperation | null;
}

/** Work at a provider that goes on without us. */
export interface SavedOperation {
  /** Id of the resource offer that runs it. */
  readonly offerId: string;
  readonly state: JsonObject;
}

export interface ClaimRequest {
  /** How many jobs of which model. */
  readonly wanted: readonly { readonly model: string; readonly count: number }[];
  readonly nowMs: number;
  /** The holds end by themselves at this time unless renewed. */
  readonly leaseUntilMs: number;
}

export interface GiveBack {
  readonly nowMs: number;
  /** Not to be claimed before this time. */
  readonly readyAtMs: number;
  /** Whether an engine failed it. */
  readonly failed: boolean;
  /** Whether the saved operation is of no use any more. */
  readonly forgetOperation: boolean;
}

/**
 * The truth about jobs that survive. A promise that resolved is on the disk. Every implementation runs
 * `durable-job-store.conformance.ts`. A failed call has changed nothing and throws; the next may succeed.
 *
 * The rows are those of `JobStore`, which lists and finds them; it leaves ending and pruning them to this store.
 */
export interface DurableJobStore {
  submit(job: NewJob, bounds: QueueBounds): Promise<Submitted>;
  /** What an earlier submit with the same idempotency key came to; `undefined` when there was none. Changes nothing. */
  earlier(job: NewJob): Promise<Submitted | undefined>;
  /** Undelivered jobs that nobody holds, fair between keys within a model, the oldest of a key first. A job whose deal lapsed is dropped first. */
  claim(request: ClaimRequest): Promise<ClaimedJob[]>;
  /** Holds on for longer; returns the ids of those still held. */
  renew(leases: readonly JobLease[], leaseUntilMs: number): Promise<string[]>;
  /** Keeps the engine's note for a later attempt. False when the lease is lost. */
  saveOperation(lease: JobLease, operation: SavedOperation): Promise<boolean>;
  /** The record with the part done, or `undefined` when that is no news or the lease is lost. */
  noteProgress(lease: JobLease, part: number, atMs: number): Promise<JobRecord | undefined>;
  /**
   * Lets something happen to the job. With `attempt`, only while that attempt holds it. The record after it, or `undefined`
   * when it cannot happen: too late, or not held. An end releases the job and, where a webhook is wanted, notes its delivery.
   */
  apply(
    id: string,
    change: JobChange,
    when: { readonly atMs: number; readonly attempt?: number },
  ): Promise<JobRecord | undefined>;
  /** Releases a job that is not done for another attempt. `undefined` when the lease is lost. */
  giveBack(lease: JobLease, how: GiveBack): Promise<JobRecord | undefined>;
  /** Ends at most `limit` jobs whose time is over and returns them. */
  endOverdue(nowMs: number, limit: number): Promise<JobRecord[]>;
  /** Ends the waiting for results that were delivered before the time and not fetched; returns at most `limit` such jobs. */
  endUnfetched(deliveredBeforeMs: number, nowMs: number, limit: number): Promise<JobRecord[]>;
  /** Where an unfinished job stands; `undefined` when it is over or unknown. */
  standing(id: string): Promise<JobStanding | undefined>;
  /** The request the job was made from, e.g. to show its prompt to its owner. */
  input(id: string): Promise<JsonObject | undefined>;
  /** Jobs that wait or run, in all. */
  countUnfinished(): Promise<number>;
  /** Deletes at most `limit` jobs to which nothing happened since the time and returns how many. Unfinished ones stay. */
  prune(updatedBeforeMs: number, limit: number): Promise<number>;
}
