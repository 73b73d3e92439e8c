import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { FencedBlock } from '../blocks/fenced-blocks.ts';
import { repository } from '../repository.ts';
import type { ExampleServer } from './example-server.ts';

/** What was printed until then, and what the address in it answers. */
export interface Served {
  readonly output: string;
  readonly status: number;
}

/**
 * Runs a block that serves until it is stopped, in the root of the repository but with data of its own on a port of its own:
 * waits for the address it prints, asks there, and stops all that it started.
 */
export async function serveBlock({ text }: FencedBlock, { folder }: ExampleServer): Promise<Served> {
  const script = text.replaceAll('…', 'a-key');
  const own = { ANURA_HOME: mkdtempSync(join(folder, 'home-')), ANURA_HOST: '127.0.0.1', ANURA_PORT: '0' };
  const env = { ...process.env, ...own, ANURA_DISCOVER_OLLAMA: 'false', NO_COLOR: '1' };
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: repository,
    env: { ...env, PATH: [join(folder, 'programs'), process.env['PATH']].join(delimiter) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, so that all of it can be stopped
  });
  const gone = once(child, 'close');
  try {
    const { output, address } = await printedAddress(child);
    return { output, status: (await fetch(address)).status };
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await gone;
  }
}

/** Reads what comes until it holds an address. Throws when it ends before. */
function printedAddress(child: ChildProcessByStdio<null, Readable, Readable>) {
  return new Promise<{ output: string; address: string }>((resolve, reject) => {
    let output = '';
    const read = (data: Buffer) => {
      output += data;
      const address = /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(output)?.[0];
      if (address) resolve({ output, address });
    };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', read);
    child.once('close', (code) => reject(new Error(`It ended with ${code} before it served:\n${output}`)));
  });
}
