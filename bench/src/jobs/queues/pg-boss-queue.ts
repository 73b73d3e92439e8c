import { atOnce } from './at-once.ts';
import { type JobQueue, jobInput, jobResult } from './job-queue.ts';
import { loadRival } from './rival-package.ts';

interface Boss {
  on(event: 'error', listener: (error: Error) => void): void;
  start(): Promise<unknown>;
  createQueue(name: string): Promise<void>;
  send(name: string, data: object): Promise<string | null>;
  fetch(name: string, options: { batchSize: number }): Promise<{ readonly id: string }[]>;
  complete(name: string, ids: string[], output: object): Promise<unknown>;
  stop(options: { graceful: boolean; close: boolean }): Promise<void>;
}

interface PgBossOptions {
  readonly connectionString: string;
  readonly schema: string;
  /** Connections of the pool. */
  readonly max: number;
}

interface PgBoss {
  readonly PgBoss: new (options: PgBossOptions) => Boss;
}

const name = 'video';
const connections = 32;

export interface PgBossQueueOptions {
  readonly port: number;
  readonly schema: string;
  /** Jobs taken and completed in one go. */
  readonly batchSize: number;
}

/** pg-boss on a PostgreSQL of this port: `send`, then `fetch` and `complete` without the pause that `work` makes between polls. */
export async function openPgBossQueue({ port, schema, batchSize }: PgBossQueueOptions): Promise<JobQueue> {
  const { PgBoss } = loadRival('pg-boss') as PgBoss;
  const connectionString = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const boss = new PgBoss({ connectionString, schema, max: connections });
  boss.on('error', (error) => console.error(`pg-boss: ${error.message}`));
  await boss.start();
  await boss.createQueue(name);
  return {
    submit: () => boss.send(name, jobInput),
    openWorker: async () => ({
      settle: (count, inFlight) => settle(boss, { count, inFlight, batchSize }),
      close: async () => {},
    }),
    close: () => boss.stop({ graceful: false, close: true }),
  };
}

async function settle(boss: Boss, wanted: { count: number; inFlight: number; batchSize: number }): Promise<void> {
  const { count, inFlight, batchSize } = wanted;
  let settled = 0;
  await atOnce(Math.ceil(count / batchSize), Math.max(1, inFlight / batchSize), async () => {
    const jobs = await boss.fetch(name, { batchSize });
    const ids = jobs.map(({ id }) => id);
    if (ids.length > 0) await boss.complete(name, ids, jobResult);
    settled += ids.length;
  });
  if (settled !== count) throw new Error(`pg-boss settled ${settled} of ${count} jobs.`);
}
