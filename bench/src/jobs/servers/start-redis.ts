import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../processes/free-port.ts';
import { findProgram } from './find-program.ts';
import { type Server, startServer } from './server-process.ts';

/** When Redis forces its log of writes to the disk: once a second (its default), or before every answer. */
export type AppendFsync = 'everysec' | 'always';

export const redisProgram = (): string | undefined => findProgram('redis-server');

/** Starts a Redis that keeps an append-only file in a folder of its own, and no snapshots. */
export async function startRedis(program: string, folder: string, appendFsync: AppendFsync): Promise<Server> {
  const cwd = join(folder, `redis-${appendFsync}`);
  mkdirSync(cwd);
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'yes', appendfsync: appendFsync };
  const args = Object.entries({ ...settings, 'maxmemory-policy': 'noeviction' }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);
  return startServer(port, { command: program, args, cwd, readyLine: 'Ready to accept', stopSignal: 'SIGTERM' });
}
