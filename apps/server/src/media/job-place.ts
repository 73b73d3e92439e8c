import { isMediaKind, type JobRecord, type MediaJobs } from '@anura/core/jobs';

/** Where an unfinished job stands, wire spelling. */
export interface JobPlace {
  readonly queue_position: number;
  /** `null` while nothing was measured. */
  readonly estimated_seconds: number | null;
}

/** Undefined for a job that is over, or that nobody waits in line for. */
export async function placeOf(record: JobRecord, media: MediaJobs): Promise<JobPlace | undefined> {
  const estimate = isMediaKind(record.kind) ? await media.estimate(record) : undefined;
  if (!estimate) return undefined;
  const { position, remainingMs } = estimate;
  return { queue_position: position, estimated_seconds: remainingMs === null ? null : Math.ceil(remainingMs / 1000) };
}
