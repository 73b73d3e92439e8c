import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Provider } from '@anura/core/engines';
import { createLogger, loadConfig, startServer } from '../src/index.ts';

export const testKey = `anr_${'0123456789abcdef'.repeat(4)}`;

export interface RunOptions {
  /** Settings by their path in the file, e.g. `{'limits.requests_per_second': 2}`. */
  readonly flags?: Record<string, string | number | boolean>;
  readonly env?: Record<string, string>;
  /** The text of `anura.config.yaml`, for what flags cannot say: providers and aliases. */
  readonly configFile?: string;
  /** False starts without a preset key, so that the server makes its first one. */
  readonly presetKey?: boolean;
  readonly providers?: readonly Provider[];
  /** Where log lines go. Default nowhere. */
  readonly logTo?: NodeJS.WritableStream;
  /** Default true: an answer that breaks the contract becomes a 500, which no test expects. */
  readonly validateResponses?: boolean;
  /** To be used again by a second server; not deleted then. */
  readonly dataDir?: string;
}

/** A real server on a free port with an empty data folder; `await using` closes and deletes it. */
export async function runServer(options: RunOptions = {}) {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'anura-server-'));
  if (options.configFile !== undefined) writeFileSync(join(dataDir, 'anura.config.yaml'), options.configFile);
  const config = loadConfig({
    flags: {
      port: 0,
      data_dir: dataDir,
      discover_ollama: false,
      'llama.enabled': false,
      'diffusion.enabled': false,
      'speech.enabled': false,
      'limits.requests_per_second': 'off',
      ...options.flags,
    },
    env: { ...(options.presetKey === false ? {} : { ANURA_API_KEY: testKey }), ...options.env },
    cwd: dataDir,
    home: dataDir,
  });
  const log = createLogger({
    level: options.logTo ? 'info' : 'silent',
    format: 'json',
    ...(options.logTo ? { destination: options.logTo } : {}),
  });
  const server = await startServer(config, {
    log,
    validateResponses: options.validateResponses ?? true,
    ...(options.providers ? { providers: options.providers } : {}),
  });
  const close = async () => {
    await server.close();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...server, base: `${server.url}/api/v1`, key: testKey, dataDir, close, [Symbol.asyncDispose]: close };
}

export type RunningTestServer = Awaited<ReturnType<typeof runServer>>;

/** Headers of a JSON request with a key. */
export const withKey = (key = testKey): Record<string, string> => ({
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
});

/** Posts JSON (or a text as it is) with the key. */
export function post(url: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, { method: 'POST', body: text, ...init, headers: { ...withKey(), ...init.headers } });
}

export const get = (url: string, headers: Record<string, string> = withKey()): Promise<Response> =>
  fetch(url, { headers });
