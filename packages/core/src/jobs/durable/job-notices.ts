import type { JobState } from '@anura/openapi';
import type { JobRecord } from '../job-record.ts';

/** Something that happened to a job, as those who follow it are told. `sequence` rises; it is the `id:` of an SSE event. */
export type JobNotice =
  | { readonly type: 'state'; readonly sequence: number; readonly atMs: number; readonly state: JobState }
  | { readonly type: 'progress'; readonly sequence: number; readonly atMs: number; readonly part: number };

/**
 * What happened after `sequence`, oldest first. Every state is told once; of progress only the last, since it says all
 * that the earlier ones said. Nothing beside the record is kept for this, so it works across restarts.
 */
export function noticesAfter({ history, progress }: JobRecord, sequence: number): JobNotice[] {
  const states = history.map((step): JobNotice => ({ type: 'state', ...step }));
  const notices = progress ? [...states, { type: 'progress' as const, ...progress }] : states;
  return notices.filter((notice) => notice.sequence > sequence).sort((one, other) => one.sequence - other.sequence);
}
