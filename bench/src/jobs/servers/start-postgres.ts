import { spawnSync } from 'node:child_process';
import { chownSync, globSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort } from '../../processes/free-port.ts';
import { findProgram } from './find-program.ts';
import { type Server, startServer } from './server-process.ts';
import { type UserIds, userIds } from './user-ids.ts';

/** PostgreSQL's `postgres`, which Debian keeps out of PATH; `initdb` lies beside it. */
export const postgresProgram = (): string | undefined =>
  findProgram('postgres', globSync('/usr/lib/postgresql/*/bin').sort().reverse());

/**
 * Starts a PostgreSQL with a new data folder, settings at their defaults (`fsync` and `synchronous_commit` on), reached by
 * TCP on the loopback address alone. It refuses to run as root, so it then runs as the user `postgres`.
 */
export async function startPostgres(program: string, folder: string): Promise<Server> {
  const cwd = join(folder, 'postgres');
  const user = process.getuid?.() === 0 ? userIds('postgres') : undefined;
  mkdirSync(cwd);
  if (user) chownSync(cwd, user.uid, user.gid);
  const data = join(cwd, 'data');
  makeCluster(join(dirname(program), 'initdb'), { cwd, data, user });
  const port = await freePort();
  const settings = [`listen_addresses=127.0.0.1`, `unix_socket_directories=`, `port=${port}`, 'fsync=on'];
  return startServer(port, {
    command: program,
    args: ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    cwd,
    readyLine: 'ready to accept connections',
    stopSignal: 'SIGINT',
    user,
  });
}

interface Cluster {
  readonly cwd: string;
  readonly data: string;
  readonly user: UserIds | undefined;
}

function makeCluster(initdb: string, { cwd, data, user }: Cluster): void {
  const args = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-locale'];
  const { status, stderr, error } = spawnSync(initdb, args, { cwd, encoding: 'utf8', ...user });
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr}`);
}
