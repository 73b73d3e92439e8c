import type { ErrorDetail, Job, JobKind, JobResult, JobState } from '@anura/openapi';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type ErrorCode, GatewayError } from '../errors/gateway-error.ts';
import { jobId } from './job-id.ts';
import { type JobEventType, nextState } from './job-state.ts';

/** What a job is made from. The prompt is not part of it: the job's row outlives the answer, the prompt must not. */
export interface JobRequest {
  readonly kind: JobKind;
  /** The model's name as resolved by the catalog. */
  readonly model: string;
  /** Whose job it is; only this key sees it. */
  readonly keyId: string;
}

/** A job as it is kept: the offer and all that has happened to it. Plain data, replaced whole. Times are milliseconds since 1970. */
export interface JobRecord extends JobRequest {
  /** Content id of the offer, see `jobId`. */
  readonly id: string;
  readonly state: JobState;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** The provider that has it or ended it; `null` while none does. */
  readonly deal: { readonly provider: string; readonly agreedAtMs: number } | null;
  readonly failure: JobFailure | null;
  readonly result: JobResult | null;
  /** Where the result's bytes are in the artifact store; `null` while there are none. */
  readonly artifactId: string | null;
  /** What the engine last told of this attempt; `null` where it tells nothing. */
  readonly progress: JobProgress | null;
  /** Every state it has been in, oldest first. */
  readonly history: readonly JobStep[];
}

/** A state and when it began. `sequence` numbers what happened to the job from 1, progress included, without saying how often. */
export interface JobStep {
  readonly state: JobState;
  readonly atMs: number;
  readonly sequence: number;
}

/** The part done, 0 to 1, rising within an attempt. */
interface JobProgress {
  readonly part: number;
  readonly atMs: number;
  readonly sequence: number;
}

/** The part of an error that is worth keeping; `errorOf` makes an error of it again. */
export interface JobFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly param?: string;
  readonly openaiCode?: string;
}

/** What can happen to a job. */
export type JobEvent =
  | { readonly type: 'deal-agreed'; readonly provider: string }
  | { readonly type: 'results-submitted'; readonly result?: JobResult; readonly artifactId?: string }
  | { readonly type: 'job-failed'; readonly error: GatewayError }
  | { readonly type: Exclude<JobEventType, 'deal-agreed' | 'results-submitted' | 'job-failed'> };

/** The same as plain data, for stores: an error instance would lose half of itself on the way to another thread or machine. */
export type JobChange =
  | Exclude<JobEvent, { readonly type: 'job-failed' }>
  | { readonly type: 'job-failed'; readonly failure: JobFailure };

export function jobChange(event: JobEvent): JobChange {
  return event.type === 'job-failed' ? { type: event.type, failure: failureOf(event.error) } : event;
}

/** A new job, which nobody has taken yet. A random nonce keeps equal requests of the same millisecond apart. */
export function openJob({ kind, model, keyId }: JobRequest, createdAtMs: number): JobRecord {
  const nonce = bytesToHex(crypto.getRandomValues(new Uint8Array(16)));
  return {
    id: jobId({ kind, model, key_id: keyId, created_at: createdAtMs, nonce }),
    kind,
    model,
    keyId,
    state: 'DealNegotiating',
    createdAtMs,
    updatedAtMs: createdAtMs,
    deal: null,
    failure: null,
    result: null,
    artifactId: null,
    progress: null,
    history: [{ state: 'DealNegotiating', atMs: createdAtMs, sequence: 1 }],
  };
}

/**
 * The record after the event, or `undefined` when the event cannot happen there (a late worker, a second cancel): the
 * caller keeps the old one. A clock that went back does not make the history go back.
 */
export function applyJobEvent(record: JobRecord, event: JobEvent | JobChange, atMs: number): JobRecord | undefined {
  const state = nextState({ state: record.state, failed: record.failure !== null }, event.type);
  if (state === undefined) return undefined;
  const updatedAtMs = Math.max(atMs, record.updatedAtMs);
  const history = [...record.history, { state, atMs: updatedAtMs, sequence: lastSequence(record) + 1 }];
  return { ...record, ...consequence(event, updatedAtMs), state, updatedAtMs, history };
}

/** The record with the part done, or `undefined` when that is no news: nobody works on it, or it was further already. */
export function noteProgress(record: JobRecord, part: number, atMs: number): JobRecord | undefined {
  const done = Math.min(part, 1);
  if (record.state !== 'DealAgreed' || !(done > (record.progress?.part ?? 0))) return undefined;
  const updatedAtMs = Math.max(atMs, record.updatedAtMs);
  const progress = { part: done, atMs: updatedAtMs, sequence: lastSequence(record) + 1 };
  return { ...record, updatedAtMs, progress };
}

/** The number of the last thing that happened to the job. */
export function lastSequence({ history, progress }: JobRecord): number {
  return Math.max(history.at(-1)?.sequence ?? 0, progress?.sequence ?? 0);
}

function consequence(event: JobEvent | JobChange, atMs: number): Partial<JobRecord> {
  switch (event.type) {
    case 'deal-agreed':
      return { deal: { provider: event.provider, agreedAtMs: atMs } };
    case 'results-submitted':
      return { result: event.result ?? null, artifactId: event.artifactId ?? null };
    case 'job-failed':
      return { failure: 'failure' in event ? event.failure : failureOf(event.error) };
    case 'deal-dropped':
      // Whoever takes it next may begin anew; numbers go on in `history`, which is written before this is forgotten.
      return { deal: null, progress: null };
    default:
      return {};
  }
}

function failureOf({ code, message, data }: GatewayError): JobFailure {
  return {
    code,
    message,
    ...(data.param !== undefined && { param: data.param }),
    ...(data.openaiCode !== undefined && { openaiCode: data.openaiCode }),
  };
}

/** The error a failed job ended with, as it was. */
export function errorOf({ code, message, ...data }: JobFailure): GatewayError {
  return new GatewayError(code, message, data);
}

/** The job as callers see it. `describeError` is the server's one way to put an error into words for the wire. */
export function describeJob(record: JobRecord, describeError: (error: GatewayError) => ErrorDetail): Job {
  const { deal, failure } = record;
  return {
    job_offer_id: record.id,
    job_state: record.state,
    kind: record.kind,
    model: record.model,
    created_at: isoTime(record.createdAtMs),
    updated_at: isoTime(record.updatedAtMs),
    progress: record.progress?.part ?? null,
    error: failure && describeError(errorOf(failure)),
    deal: deal && { provider: deal.provider, agreed_at: isoTime(deal.agreedAtMs) },
    history: record.history.map(({ state, atMs }) => ({ state, at: isoTime(atMs) })),
    result: record.result,
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
