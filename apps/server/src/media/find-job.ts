import { GatewayError } from '@anura/core';
import { isJobId, type JobRecord, type MediaJobs, type MediaKind } from '@anura/core/jobs';

export interface FindJobOptions {
  /** Only a job of this kind. */
  readonly kind?: MediaKind;
  /** The parameter it came in. Default `id`. */
  readonly param?: string;
}

/** The key's job of this id. What is no id, no job or another key's is not found, and nobody can tell which it is. */
export async function findJob(
  media: MediaJobs,
  id: string,
  keyId: string,
  { kind, param = 'id' }: FindJobOptions = {},
): Promise<JobRecord> {
  const record = isJobId(id) ? await media.get(id, keyId).catch(undefinedIfMissing) : undefined;
  if (record && (kind === undefined || record.kind === kind)) return record;
  const what = kind === undefined ? 'job' : `${kind} job`;
  throw new GatewayError('not-found', `There is no ${what} with this id among the jobs of this key.`, {
    param,
    openaiCode: 'job_not_found',
  });
}

function undefinedIfMissing(error: unknown): undefined {
  if (!GatewayError.is(error) || error.code !== 'not-found') throw error;
}
