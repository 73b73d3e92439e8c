import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Begun, type Contestant, type Skipped, startAnura, startBullmq, startPgBoss } from './contestants.ts';
import type { Server } from './servers/server-process.ts';

export interface Field {
  readonly anura: Contestant;
  /** Anura among them, first. */
  readonly all: readonly Contestant[];
  readonly skipped: readonly Skipped[];
}

/** Runs the task with every queue that can be started here, their data in a new folder under `parent`; stops and deletes all after it. */
export async function withContestants<Result>(
  parent: string,
  task: (field: Field) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(parent, 'anura-bench-jobs-'));
  chmodSync(folder, 0o711); // PostgreSQL may have to run as another user
  const clear = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', clear);
  const all: Contestant[] = [];
  const servers: Server[] = [];
  const begun: Begun = {
    server: (server) => {
      servers.push(server);
      return server;
    },
    contestant: (contestant) => all.push(contestant),
  };
  try {
    const anura = await startAnura(folder);
    all.push(anura);
    const skipped = [await startBullmq(folder, begun), await startPgBoss(folder, begun)];
    return await task({ anura, all, skipped: skipped.filter((one) => one !== undefined) });
  } finally {
    for (const one of [...all, ...servers]) await one.stop();
    clear();
    process.off('exit', clear);
  }
}
