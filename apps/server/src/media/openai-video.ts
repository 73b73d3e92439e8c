import { errorOf, isUnfinished, type JobRecord } from '@anura/core/jobs';
import type { OpenAIVideo } from '@anura/openapi';
import { endError } from './job-end.ts';

/** A video job in OpenAI's words. `input` is what it was asked to make, where that is still known. */
export function openAIVideo(record: JobRecord, input: { readonly [field: string]: unknown } | undefined): OpenAIVideo {
  const problem = endError(record);
  const isDone = !isUnfinished(record.state);
  const { width, height, prompt } = input ?? {};
  return {
    id: record.id,
    object: 'video',
    model: record.model,
    status: statusOf(record),
    progress: isDone && !problem ? 100 : Math.floor((record.progress?.part ?? 0) * 100),
    prompt: typeof prompt === 'string' ? prompt : null,
    created_at: seconds(record.createdAtMs),
    completed_at: isDone && !problem ? deliveredAt(record) : null,
    expires_at: null,
    size: width && height ? `${width}x${height}` : null,
    seconds: null,
    remixed_from_video_id: null,
    error: problem ? { code: codeOf(record), message: problem.message } : null,
  };
}

function statusOf(record: JobRecord): OpenAIVideo['status'] {
  if (record.state === 'DealNegotiating') return 'queued';
  if (record.state === 'DealAgreed') return 'in_progress';
  return endError(record) ? 'failed' : 'completed';
}

function codeOf({ failure, state }: JobRecord): string {
  if (!failure) return state;
  const { code, data } = errorOf(failure);
  return data.openaiCode ?? code;
}

function deliveredAt({ history, updatedAtMs }: JobRecord): number {
  return seconds(history.find(({ state }) => state === 'ResultsSubmitted')?.atMs ?? updatedAtMs);
}

const seconds = (ms: number): number => Math.floor(ms / 1000);
