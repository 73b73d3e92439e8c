import { once } from 'node:events';
import type { JobNotice, JobRecord, MediaJobs } from '@anura/core/jobs';
import type { Job, JobProgressEvent, JobStateEvent } from '@anura/openapi';
import type { Response } from 'express';
import { placeOf } from './job-place.ts';

export interface StreamJobOptions {
  readonly media: MediaJobs;
  readonly response: Response;
  /** Aborted when the caller leaves. */
  readonly signal: AbortSignal;
  /** The last notice the caller has; 0 for all. */
  readonly afterSequence: number;
  readonly show: (record: JobRecord) => Promise<Job>;
}

/** Proxies cut connections that are silent for a minute. */
const heartbeatMs = 15_000;

/** How long a caller may take nothing, heartbeats included, before it counts as gone. */
const stalledMs = 60_000;

/** Everything that happens to the job as server-sent events, until it is over; then the whole job as `done`. */
export async function streamJob(record: JobRecord, options: StreamJobOptions): Promise<void> {
  const { media, response, signal, afterSequence, show } = options;
  response.set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-cache, no-transform' });
  response.set('X-Accel-Buffering', 'no').flushHeaders();
  response.setTimeout(stalledMs, () => response.destroy());
  const heartbeat = setInterval(() => response.writableNeedDrain || response.write(': still here\n\n'), heartbeatMs);
  try {
    for await (const notice of media.follow(record.id, record.keyId, afterSequence, signal)) {
      await send(response, notice.type, await tellingOf(notice, record, media), notice.sequence);
    }
    if (!signal.aborted) await send(response, 'done', await show(await media.get(record.id, record.keyId)));
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}

async function tellingOf(
  notice: JobNotice,
  record: JobRecord,
  media: MediaJobs,
): Promise<JobStateEvent | JobProgressEvent> {
  const job_offer_id = record.id;
  const at = new Date(notice.atMs).toISOString();
  if (notice.type === 'state') return { job_offer_id, job_state: notice.state, at };
  const now = await media.get(record.id, record.keyId);
  return { job_offer_id, progress: notice.part, at, ...(await placeOf(now, media)) };
}

/** Waits for a caller who reads slowly. */
async function send(response: Response, event: string, data: object, id?: number): Promise<void> {
  if (response.destroyed) return;
  const head = id === undefined ? '' : `id: ${id}\n`;
  if (response.write(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)) return;
  await Promise.race([once(response, 'drain'), once(response, 'close')]);
}
