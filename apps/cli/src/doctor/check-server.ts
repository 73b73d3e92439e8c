import { createServer } from 'node:net';
import { AnuraError, createAnura } from '@anura/client';
import { failureLines } from '../failure.ts';
import { packageVersion } from '../package-version.ts';
import { countOf } from '../terminal/amounts.ts';
import { isOlder } from './compare-versions.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const timeoutMs = 5000;

export interface ServerPlace {
  readonly url: string;
  readonly apiKey?: string;
  /** Where a server started here would listen. */
  readonly host: string;
  readonly port: number;
}

/** Whether a server answers and takes the key; where none does, whether one could be started. */
export async function checkServer(place: ServerPlace): Promise<Finding[]> {
  try {
    const health = await createAnura({ baseUrl: place.url, retries: 0, timeoutMs }).health();
    const message = `Anura ${health.version} answers at ${place.url} with ${countOf(health.models, 'model')}`;
    const state =
      health.state === 'degraded'
        ? warn(
            'server',
            `${message}; it says it is degraded`,
            'A provider is failing, or there is no model: its log says which.',
          )
        : ok('server', message);
    return [state, ...compareVersion(health.version), await checkKey(place)];
  } catch (error) {
    const nobody = AnuraError.is(error) && error.code === 'no_server';
    if (!nobody)
      return [
        fail(
          'server',
          failureLines(error).join(' '),
          'Something else than Anura answers there: check --url or --port.',
        ),
      ];
    return [ok('server', `none at ${place.url}; \`anura serve\` starts one`), await checkPort(place)];
  }
}

function compareVersion(version: string): Finding[] {
  const own = packageVersion();
  if (!isOlder(version, own)) return [];
  const message = `the server is Anura ${version}, older than this command, ${own}`;
  return [warn('version', message, 'Update the server: what it does not know yet fails, or is left out.')];
}

async function checkKey({ url, apiKey }: ServerPlace): Promise<Finding> {
  const advice =
    'Save a valid one with `anura login`, or give it with --key or ANURA_API_KEY; `anura serve` printed one at its first start.';
  if (!apiKey) return warn('key', 'none given', advice);
  try {
    const models = await createAnura({ baseUrl: url, apiKey, retries: 0, timeoutMs }).models.list();
    if (models.length > 0) return ok('key', `valid; it may ask ${countOf(models.length, 'model')}`);
    return warn('key', 'valid, but there is no model to ask', 'Get one with `anura pull NAME`.');
  } catch (error) {
    const refused = AnuraError.is(error) && (error.status === 401 || error.status === 403);
    return fail('key', refused ? 'the server refuses it' : failureLines(error).join(' '), advice);
  }
}

function checkPort({ host, port }: ServerPlace): Promise<Finding> {
  const { promise, resolve } = Promise.withResolvers<Finding>();
  const advice = 'Stop what listens there, or choose another with --port.';
  const probe = createServer();
  probe.once('error', (error: NodeJS.ErrnoException) =>
    resolve(fail('port', `${port} on ${host} cannot be had (${error.code})`, advice)),
  );
  probe.listen({ host, port }, () =>
    probe.close(() => resolve(ok('port', port === 0 ? 'any free one' : `${port} is free`))),
  );
  return promise;
}
