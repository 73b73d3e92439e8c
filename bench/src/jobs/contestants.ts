import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { QueueAddress } from './queues/queue-address.ts';
import { isInstalled } from './queues/rival-package.ts';
import type { Server } from './servers/server-process.ts';
import { postgresProgram, startPostgres } from './servers/start-postgres.ts';
import { type AppendFsync, redisProgram, startRedis } from './servers/start-redis.ts';
import { type QueueRunner, startQueue } from './start-queue.ts';

export interface Contestant extends QueueRunner {
  readonly name: string;
}

/** A rival that cannot be measured here, and why. */
export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

/** Starts Anura's own queue with a database in the folder. */
export async function startAnura(folder: string): Promise<Contestant> {
  const dataDir = join(folder, 'anura');
  mkdirSync(dataDir);
  return contestant('anura', { system: 'anura', dataDir });
}

/** Starts BullMQ twice, on a Redis that is as durable as ours and on one that is not. */
export async function startBullmq(folder: string, begun: Begun): Promise<Skipped | undefined> {
  if (!isInstalled('bullmq')) return notInstalled('bullmq');
  const program = redisProgram();
  if (program === undefined)
    return { name: 'bullmq', reason: 'no redis-server here (Debian: apt-get install redis-server)' };
  for (const appendFsync of ['always', 'everysec'] satisfies AppendFsync[]) {
    const { port } = begun.server(await startRedis(program, folder, appendFsync));
    begun.contestant(await contestant(`bullmq, fsync ${appendFsync}`, { system: 'bullmq', port }));
  }
  return undefined;
}

/** Starts pg-boss twice on one PostgreSQL: jobs taken one by one, and 64 in one go. */
export async function startPgBoss(folder: string, begun: Begun): Promise<Skipped | undefined> {
  if (!isInstalled('pg-boss')) return notInstalled('pg-boss');
  const program = postgresProgram();
  if (program === undefined)
    return { name: 'pg-boss', reason: 'no postgres here (Debian: apt-get install postgresql)' };
  const { port } = begun.server(await startPostgres(program, folder));
  for (const batchSize of [1, 64]) {
    const address = { system: 'pg-boss', port, schema: `by_${batchSize}`, batchSize } as const;
    begun.contestant(await contestant(`pg-boss, ${batchSize} at a time`, address));
  }
  return undefined;
}

/** Notes what was started, so that it is stopped even when the next does not start. */
export interface Begun {
  server(server: Server): Server;
  contestant(contestant: Contestant): void;
}

const notInstalled = (name: string): Skipped => ({
  name,
  reason: 'its package is not installed (pnpm bench:jobs-install)',
});

const contestant = async (name: string, address: QueueAddress): Promise<Contestant> => ({
  name,
  ...(await startQueue(address)),
});
