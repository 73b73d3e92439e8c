import type { JobRecord, JobStep } from '../../../jobs/job-record.ts';
import { jsonOf, jsonOrNull, type Row, textOrNull } from './row.ts';

/** All that a record is made of; the input of a job is never read along. */
export const jobColumns =
  'id, key_id, kind, model, state, created_at_ms, updated_at_ms, deal, failure, result, history, progress, artifact_id';

/** In the order of `jobColumns`. */
export function jobValues(record: JobRecord): (string | number | null)[] {
  const { id, keyId, kind, model, createdAtMs } = record;
  const [state, updatedAtMs, ...rest] = changingValues(record);
  return [id, keyId, kind, model, state ?? null, createdAtMs, updatedAtMs ?? null, ...rest];
}

/** What can change: state, updated_at_ms, deal, failure, result, history, progress, artifact_id. */
export function changingValues(record: JobRecord): (string | number | null)[] {
  const { state, updatedAtMs, deal, failure, result, history, progress, artifactId } = record;
  const json = [deal, failure, result, history, progress].map(jsonOrNull);
  return [state, updatedAtMs, ...json, artifactId];
}

export function jobRecordOf(row: Row): JobRecord {
  return {
    id: String(row['id']),
    keyId: String(row['key_id']),
    kind: String(row['kind']) as JobRecord['kind'],
    model: String(row['model']),
    state: String(row['state']) as JobRecord['state'],
    createdAtMs: Number(row['created_at_ms']),
    updatedAtMs: Number(row['updated_at_ms']),
    deal: jsonOf(row['deal']),
    failure: jsonOf(row['failure']),
    result: jsonOf(row['result']),
    artifactId: textOrNull(row['artifact_id']),
    progress: jsonOf(row['progress']),
    history: jsonOf<JobStep[]>(row['history']).map(numbered),
  };
}

/** Steps written before they had numbers get those they would have had. */
function numbered(step: JobStep, index: number): JobStep {
  return { ...step, sequence: step.sequence ?? index + 1 };
}
