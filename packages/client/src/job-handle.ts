import { AnuraError } from './anura-error.js';
import type { CallOptions } from './exchange.js';
import type { Job } from './generated/types.gen.js';
import type { MadeBytes } from './made-bytes.js';
import type { WaitOptions } from './wait-for-job.js';

/** A job that was made, to come back to. Its `id` is all that has to be kept: every method is there for an id, too. */
export type JobHandle = {
  readonly id: string;
  /** Resolves when the job is over, well or not. */
  wait: (options?: WaitOptions) => Promise<Job>;
  /** Waits for the job and resolves with what it made. Throws an `AnuraError` with its `jobState` when there is nothing. */
  result: (options?: WaitOptions) => Promise<MadeBytes>;
  /** Resolves with the job as it is then; one that was over already stays as it was. */
  cancel: (options?: CallOptions) => Promise<Job>;
};

type JobCalls = {
  wait: (id: string, options?: WaitOptions) => Promise<Job>;
  fetchResult: (id: string, options?: CallOptions) => Promise<MadeBytes>;
  cancel: (id: string, options?: CallOptions) => Promise<Job>;
};

export function jobHandle(id: string, { wait, fetchResult, cancel }: JobCalls): JobHandle {
  return {
    id,
    wait: (options) => wait(id, options),
    result: async (options) => {
      const job = await wait(id, options);
      if (!job.result) throw withoutResult(job);
      return fetchResult(id, { signal: options?.signal });
    },
    cancel: (options) => cancel(id, options),
  };
}

function withoutResult({ job_offer_id, job_state, error }: Job): AnuraError {
  const message = error?.message ?? `Job ${job_offer_id} ended as ${job_state}, without a result.`;
  return new AnuraError(message, {
    code: error?.code ?? 'no_result',
    param: error?.param ?? undefined,
    data: { job_offer_id, job_state },
  });
}
