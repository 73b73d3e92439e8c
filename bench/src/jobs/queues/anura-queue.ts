// From the source, not from the package: a single store and the making of a row are no part of core's public list.
import { defaultTimeouts } from '../../../../packages/core/src/jobs/durable/job-timeouts.ts';
import { openJob } from '../../../../packages/core/src/jobs/job-record.ts';
import { openSqliteStores } from '../../../../packages/core/src/stores/sqlite/index.ts';
import { atOnce } from './at-once.ts';
import { type JobQueue, jobInput, jobResult } from './job-queue.ts';

type Stores = ReturnType<typeof openSqliteStores>;

const model = 'wan2.1';
const unbounded = { perKey: 1e9, inAll: 1e9 };
const keys = 20;
const leaseMs = 30_000;

/** Anura's durable jobs over SQLite, as the server uses them: the rows of 20 keys, a hold on every job, a deal, a result. */
export function openAnuraQueue(dataDir: string): JobQueue {
  const stores = openSqliteStores({ dataDir });
  let made = 0;
  return {
    submit: () => submit(stores, `key_${made++ % keys}`),
    openWorker: async () => ({
      settle: (count, inFlight) => atOnce(count, inFlight, () => settleOne(stores)),
      close: async () => {},
    }),
    close: () => stores.close(),
  };
}

async function submit(stores: Stores, keyId: string): Promise<void> {
  const record = openJob({ kind: 'video', model, keyId }, Date.now());
  const { outcome } = await stores.durableJobs.submit(
    { record, input: jobInput, timeouts: defaultTimeouts },
    unbounded,
  );
  if (outcome !== 'accepted') throw new Error(`A job was not accepted: ${outcome}.`);
}

async function settleOne({ durableJobs }: Stores): Promise<void> {
  const nowMs = Date.now();
  const [job] = await durableJobs.claim({ wanted: [{ model, count: 1 }], nowMs, leaseUntilMs: nowMs + leaseMs });
  if (!job) throw new Error('There was nothing to claim.');
  const held = { atMs: nowMs, attempt: job.attempt };
  await durableJobs.apply(job.id, { type: 'deal-agreed', provider: 'gpu' }, held);
  const done = { type: 'results-submitted', result: jobResult, artifactId: job.id } as const;
  if (!(await durableJobs.apply(job.id, done, held))) throw new Error('A held job could not be settled.');
}
