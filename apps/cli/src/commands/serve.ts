import type { EffectiveConfig } from '@anura/server/config';
import { type Context, printLine, printWarning } from '../context.ts';
import { effectiveConfig } from '../effective-config.ts';
import { Failure } from '../failure.ts';
import { bannerLines } from '../serve-banner.ts';

export interface ServeOptions {
  readonly json?: boolean;
  readonly [flag: string]: unknown;
}

/**
 * Runs a server until the first stop signal, or until the launcher that started this process has gone; then it drains.
 * A second signal ends the process at once (see `run.ts`).
 */
export async function serve(options: ServeOptions, context: Context): Promise<void> {
  const config = effectiveConfig(options, context);
  for (const warning of config.warnings) printWarning(context, warning, options);
  using stop = watchForStop(context.signal);
  const server = await start(config);
  try {
    if (options.json) printLine(context.stdout, JSON.stringify({ url: server.url, key: server.firstKey ?? null }));
    else for (const line of bannerLines(server, config, context)) printLine(context.stdout, line);
    await stop.wanted;
    printLine(context.stderr, 'Stopping: running requests may end. Ctrl-C again stops at once.');
  } finally {
    await server.close();
  }
}

async function start(config: EffectiveConfig) {
  const { startServer } = await import('@anura/server');
  try {
    return await startServer(config);
  } catch (error) {
    throw listenFailure(error as NodeJS.ErrnoException, config) ?? error;
  }
}

/** Why the server cannot listen, for people; undefined when something else is wrong. */
export function listenFailure(
  error: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
): Failure | undefined {
  const messages: Record<string, string> = {
    EADDRINUSE: `Port ${port} is taken, perhaps by another anura serve. Stop that one, or choose another: anura serve --port ${port < 65_535 ? port + 1 : 8484}`,
    EACCES: `This user may not listen on port ${port}. Choose one above 1023: anura serve --port 8484`,
    EADDRNOTAVAIL: `This machine has no address ${host}. --host 127.0.0.1 is this machine alone, 0.0.0.0 every network it is in.`,
    ENOTFOUND: `The host ${host} has no address. --host 127.0.0.1 is this machine alone, 0.0.0.0 every network it is in.`,
  };
  const message = messages[error.code ?? ''];
  return message === undefined ? undefined : new Failure(message, { cause: error });
}

/**
 * `wanted` resolves at the stop signal, or when the launcher (`npm start`) is gone: its end closes the channel between us. Dispose
 * of it, because listening to the channel keeps the process alive.
 */
function watchForStop(signal: AbortSignal): { wanted: Promise<void> } & Disposable {
  const { promise: wanted, resolve } = Promise.withResolvers<void>();
  const onStop = () => resolve();
  if (signal.aborted) resolve();
  signal.addEventListener('abort', onStop, { once: true });
  process.once('disconnect', onStop);
  return {
    wanted,
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', onStop);
      process.removeListener('disconnect', onStop);
    },
  };
}
