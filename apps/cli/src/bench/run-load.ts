import { setTimeout as sleep } from 'node:timers/promises';
import type { Measurement } from './measure-stream.ts';

export interface Load {
  /** How many requests are open at any time. */
  readonly concurrency: number;
  /** None is begun after so many, or after so many milliseconds, whichever comes first; those that run may end. */
  readonly requests: number;
  readonly durationMs: number;
}

export interface LoadOutcome {
  readonly measurements: readonly Measurement[];
  readonly elapsedMs: number;
  /** The signal came before the end; requests that ran then are not counted. */
  readonly interrupted: boolean;
}

const longestPauseMs = 1000;

/**
 * Keeps `concurrency` requests open until the load is done or the signal comes. Whoever fails waits as long as the server
 * asks before its next request, a tenth of a second at least and a second at most: a server that is down or full is not hammered.
 * @param ask makes and measures one request, numbered from 1
 */
export async function runLoad(
  { concurrency, requests, durationMs }: Load,
  ask: (number: number) => Promise<Measurement>,
  {
    signal,
    now,
    onProgress,
  }: { signal: AbortSignal; now: () => number; onProgress: (done: readonly Measurement[]) => void },
): Promise<LoadOutcome> {
  const measurements: Measurement[] = [];
  const startedAt = now();
  let begun = 0;
  const isOver = () => signal.aborted || begun >= requests || now() - startedAt >= durationMs;
  const work = async () => {
    while (!isOver()) {
      begun += 1;
      const measurement = await ask(begun);
      measurements.push(measurement);
      onProgress(measurements);
      if (measurement.outcome === 'failed' && !isOver()) await pause(measurement.retryAfterMs, signal);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(concurrency, requests) }, work));
  const elapsedMs = now() - startedAt;
  const broken = ended.find((end) => end.status === 'rejected');
  if (broken && !signal.aborted) throw broken.reason;
  return { measurements, elapsedMs, interrupted: signal.aborted };
}

async function pause(retryAfterMs: number | undefined, signal: AbortSignal): Promise<void> {
  const pauseMs = Math.min(longestPauseMs, Math.max(100, retryAfterMs ?? 0));
  await sleep(pauseMs, undefined, { signal });
}
