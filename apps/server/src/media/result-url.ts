import type { JobRecord } from '@anura/core/jobs';

/** Where the result of a job is fetched, relative to the server. */
export function resultUrl({ kind, id }: JobRecord): string {
  if (kind === 'video') return `/api/v1/video/results/${id}`;
  if (kind === 'speech') return `/api/v1/audio/results/${id}`;
  return `/api/v1/jobs/${id}/result`;
}
