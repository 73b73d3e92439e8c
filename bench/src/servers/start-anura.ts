import { randomBytes } from 'node:crypto';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from '../processes/child-process.ts';
import { freePort } from '../processes/free-port.ts';
import { untilAnswers } from '../processes/until-answers.ts';
import type { Target } from './target.ts';

export interface AnuraOptions {
  /** Settings of the configuration file beside port, folders and limits, as JSON, which is YAML. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Flags for Node, e.g. for a profile. */
  readonly nodeFlags?: readonly string[];
  /** Keep its log in this file. Default: thrown away, but written all the same. */
  readonly logFile?: string;
}

/** Starts `anura serve` with a fresh data folder and everything at its default but the rate limit, and waits until it is ready. */
export async function startAnura({ settings = {}, nodeFlags = [], logFile }: AnuraOptions = {}): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'anura-bench-'));
  const port = await freePort();
  const key = `anr_${randomBytes(32).toString('hex')}`;
  const file = join(folder, 'anura.config.yaml');
  writeFileSync(file, JSON.stringify({ ...common, port, data_dir: folder, ...settings }));
  const startedAt = performance.now();
  const child = startChild([...nodeFlags, command, 'serve', '--config', file], {
    cwd: folder,
    env: { ANURA_API_KEY: key },
    stderr: openSync(logFile ?? '/dev/null', 'w'),
  });
  child.process.stdout?.resume();
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswers(`${origin}/readyz`);
  return {
    name: 'anura',
    pid: child.pid,
    origin,
    path: '/v1/chat/completions',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    readyMs: performance.now() - startedAt,
    async stop() {
      await child.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The command as users run it, built. */
const command = fileURLToPath(new URL('../../../apps/cli/dist/main.js', import.meta.url));

const common = { limits: { requests_per_second: 'off' }, discover_ollama: false };
