import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provider } from '@anura/core/engines';
import type { Model } from '@anura/openapi';
import { type Composition, compose } from './compose.ts';
import type { EffectiveConfig } from './config/index.ts';
import { Connections } from './http/connections.ts';
import { answerProtocolErrors } from './http/protocol-errors.ts';
import { createLogger, type Logger } from './log/logger.ts';

export interface StartOptions {
  /** Default: a logger as configured, on standard error. */
  readonly log?: Logger;
  /** For tests: answers that break the contract become errors. */
  readonly validateResponses?: boolean;
  /** Providers beside the configured ones. */
  readonly providers?: readonly Provider[];
}

export interface RunningServer {
  /** Where it listens, e.g. `http://127.0.0.1:8484`. */
  readonly url: string;
  /** The key made because there was none; nobody can be told it again. */
  readonly firstKey?: string;
  /** The models on offer now. */
  models(): Model[];
  /** Answers what is running, up to the configured grace, refuses what is new, and closes everything. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts a server and resolves once it answers. Throws when the port or the data folder cannot be had. */
export async function startServer(config: EffectiveConfig, options: StartOptions = {}): Promise<RunningServer> {
  const log = options.log ?? createLogger(config.log);
  const composition = await compose({ config, log, ...options });
  try {
    const server = createServer(serverLimits, composition.app);
    const connections = new Connections(server);
    answerProtocolErrors(server);
    await listen(server, config);
    const firstKey = await makeFirstKey(composition);
    composition.lifecycle.becomeReady();
    const url = urlOf(server, config.host);
    log.info({ url, models: composition.gateway.models().length, ms: Math.round(performance.now()) }, 'listening');
    let closing: Promise<void> | undefined;
    return {
      url,
      ...(firstKey === undefined ? {} : { firstKey }),
      models: () => composition.gateway.models(),
      close: () => (closing ??= stop(server, connections, composition, config.shutdownGraceMs, log)),
    };
  } catch (error) {
    await composition.close();
    throw error;
  }
}

/** A caller may be slow, but not for ever: headers within 30 s, the whole request within 5 minutes. */
const serverLimits = {
  headersTimeout: 30_000,
  requestTimeout: 300_000,
  connectionsCheckingInterval: 5_000, // how exact the two above are
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
};

function listen(server: Server, { host, port }: EffectiveConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Makes the first key, with every right, when there is none that could make others. */
async function makeFirstKey({ keys }: Composition): Promise<string | undefined> {
  if (keys.list().length > 0) return undefined;
  const { secret } = await keys.create({ name: 'first key', scopes: ['inference', 'admin'] });
  return secret;
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${reachable}:${port}`;
}

/** The way down: no new connections, the running requests their grace, then the rest is cut off. */
async function stop(
  server: Server,
  connections: Connections,
  composition: Composition,
  graceMs: number,
  log: Logger,
): Promise<void> {
  composition.lifecycle.beginStopping();
  log.info({ graceMs }, 'stopping');
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  connections.closeWhenIdle();
  const cut = setTimeout(() => {
    log.warn({}, 'requests still running after the grace are cut off');
    server.closeAllConnections();
  }, graceMs);
  await closed;
  clearTimeout(cut);
  await composition.close();
  log.info({}, 'stopped');
}
