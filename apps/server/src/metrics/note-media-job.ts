import { isMediaKind, isUnfinished, type JobRecord } from '@anura/core/jobs';
import type { UsageLedger } from '@anura/core/usage';

/**
 * Counts a picture, a video or speech for its key when it is over. One that no provider had is nobody's usage, and neither
 * is what a restart would count again: only the step into the end does.
 */
export function noteMediaJob(record: JobRecord, usage: UsageLedger): void {
  const { kind, state, history, deal, keyId, model, failure } = record;
  if (!isMediaKind(kind) || isUnfinished(state) || deal === null) return;
  if (!isUnfinished(history.at(-2)?.state ?? state)) return; // fetched, or not fetched in time: counted before
  usage.record({ keyId, model, failed: failure !== null, promptTokens: 0, completionTokens: 0 });
}
