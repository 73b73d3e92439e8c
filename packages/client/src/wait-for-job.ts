import { backOffMs, isUnfinished, pollDelayMs } from '@anura/core';
import { AnuraError } from './anura-error.js';
import type { CallOptions } from './exchange.js';
import type { Job } from './generated/types.gen.js';
import type { JobEvent } from './job-events.js';
import { pause } from './pause.js';
import { isUnreachable } from './retry-plan.js';

/*
 *  ask for the job ──► over? ──► done
 *    ▲                  │ no
 *    │                  ▼
 *  pause ◄── broke ── follow its events ──► done
 *    ▲                  │ the server or a proxy has no events
 *    └── ask again ◄────┘
 */

export type WaitOptions = CallOptions & {
  /** Called with the job as it is now, at the start and whenever something about it has changed. */
  onProgress?: ((job: Job) => void) | undefined;
};

export type JobSource = {
  readonly get: (options: CallOptions) => Promise<Job>;
  readonly events: (options: CallOptions) => AsyncIterable<JobEvent>;
};

/** How often in a row the server may be away or busy, which is for about a minute: time enough for it to start anew. */
const mostAbsences = 10;
const longestPauseMs = 60_000;
const absenceBounds = { shortestMs: 500, longestMs: 10_000 };

/** Follows the job until it is over, well or not: by its events, or where those cannot be had by asking now and then. */
export async function waitForJob(source: JobSource, { onProgress, signal }: WaitOptions = {}): Promise<Job> {
  const report = (job: Job): Job => {
    onProgress?.(job);
    return job;
  };
  let hasEvents = true;
  let job = report(await source.get({ signal }));
  while (isUnfinished(job.job_state)) {
    if (hasEvents) ({ job, hasEvents } = await follow(job, source, report, signal));
    if (!isUnfinished(job.job_state)) return job;
    await pause(pollDelayMs(job), signal);
    job = report(await askPatiently(source, signal));
  }
  return job;
}

/** Reads events until the job is over or they end. `hasEvents` is false where asking for them again is of no use. */
async function follow(
  job: Job,
  source: JobSource,
  report: (job: Job) => Job,
  signal: AbortSignal | undefined,
): Promise<{ job: Job; hasEvents: boolean }> {
  let latest = job;
  try {
    for await (const event of source.events({ signal })) {
      if (isNews(event, latest)) latest = report(after(event, latest));
    }
    return { job: latest, hasEvents: true };
  } catch (error) {
    if (signal?.aborted || !AnuraError.is(error)) throw error;
    return { job: latest, hasEvents: error.code === 'stream_cut_off' || isAway(error) };
  }
}

/**
 * Events begin with what has been: the states that brought the job where it was found. And the state that ends it comes again,
 * with the whole job, as `done`.
 */
function isNews(event: JobEvent, { history }: Job): boolean {
  if (event.type !== 'state') return true;
  const hasBeen = history.some(({ state, at }) => state === event.job_state && at === event.at);
  return !hasBeen && isUnfinished(event.job_state);
}

function after(event: JobEvent, job: Job): Job {
  if (event.type === 'done') return event.job;
  if (event.type === 'progress') {
    const { progress, at, queue_position = null, estimated_seconds = null } = event;
    return { ...job, progress, queue_position, estimated_seconds, updated_at: at };
  }
  const { job_state, at } = event;
  return { ...job, job_state, updated_at: at, history: [...job.history, { state: job_state, at }] };
}

/** It says nothing about the job, which goes on whether it can be asked about or not. A spent budget (`longestPauseMs`) is no absence. */
const isAway = (error: AnuraError): boolean =>
  isUnreachable(error) || error.code === 'timeout' || (isBusy(error) && (error.retryAfterMs ?? 0) <= longestPauseMs);

const isBusy = ({ status }: AnuraError): boolean => status === 429 || status === 503;

async function askPatiently({ get }: JobSource, signal: AbortSignal | undefined): Promise<Job> {
  for (let absences = 1; ; absences++) {
    try {
      return await get({ signal });
    } catch (error) {
      if (!AnuraError.is(error) || !isAway(error) || absences === mostAbsences) throw error;
      await pause(Math.max(backOffMs(absences, absenceBounds), error.retryAfterMs ?? 0), signal);
    }
  }
}
