import type { JobKind, JobState } from '@anura/openapi';
import { GatewayError } from '../errors/gateway-error.ts';
import { isJobId } from './job-id.ts';
import type { JobRecord } from './job-record.ts';

/** Which jobs to list, newest first. */
export interface JobFilter {
  readonly keyId: string;
  readonly kind?: JobKind;
  readonly state?: JobState;
  /** Only jobs older than this one. */
  readonly before?: JobPlace;
}

/** A place in the list: jobs of the same millisecond are told apart by their ids. */
export interface JobPlace {
  readonly createdAtMs: number;
  readonly id: string;
}

export interface JobPage {
  readonly jobs: readonly JobRecord[];
  /** Give it back to get the next page; absent on the last. */
  readonly nextCursor?: string;
}

/** Opaque to callers: it names a place, so that jobs which come or go meanwhile neither repeat nor hide others. */
export function writeCursor({ createdAtMs, id }: JobPlace): string {
  return Buffer.from(`${createdAtMs}.${id}`).toString('base64url');
}

/** Throws `invalid-request` when it is not one of ours. */
export function readCursor(cursor: string): JobPlace {
  const [createdAt = '', id = '', ...rest] = Buffer.from(cursor, 'base64url').toString().split('.');
  const isOurs = /^\d{1,15}$/.test(createdAt) && isJobId(id) && rest.length === 0;
  if (isOurs) return { createdAtMs: Number(createdAt), id };
  throw new GatewayError(
    'invalid-request',
    'cursor is not one that a page of jobs gave. Leave it out to begin with the newest.',
    { param: 'cursor' },
  );
}

/** The page out of one job more than fit on it. */
export function makePage(jobs: readonly JobRecord[], limit: number): JobPage {
  const shown = jobs.slice(0, limit);
  const last = shown.at(-1);
  return jobs.length > limit && last ? { jobs: shown, nextCursor: writeCursor(last) } : { jobs: shown };
}
