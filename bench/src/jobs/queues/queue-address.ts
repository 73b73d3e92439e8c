import { openAnuraQueue } from './anura-queue.ts';
import { openBullmqQueue } from './bullmq-queue.ts';
import type { JobQueue } from './job-queue.ts';
import { openPgBossQueue, type PgBossQueueOptions } from './pg-boss-queue.ts';

/** Which queue a process is to open, and where. */
export type QueueAddress =
  | { readonly system: 'anura'; readonly dataDir: string }
  | { readonly system: 'bullmq'; readonly port: number }
  | ({ readonly system: 'pg-boss' } & PgBossQueueOptions);

export async function openQueue(address: QueueAddress): Promise<JobQueue> {
  if (address.system === 'anura') return openAnuraQueue(address.dataDir);
  if (address.system === 'bullmq') return openBullmqQueue(address.port);
  return openPgBossQueue(address);
}
