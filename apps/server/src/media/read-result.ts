import { buffer } from 'node:stream/consumers';
import type { JobRecord, MediaJobs } from '@anura/core/jobs';

/** All that a job has made, in memory. It counts as fetched then. */
export async function readResult(record: JobRecord, media: MediaJobs): Promise<Buffer> {
  const { stream } = await media.openResult(record);
  const bytes = await buffer(stream);
  if (record.state === 'ResultsSubmitted') await media.fetched(record);
  return bytes;
}
