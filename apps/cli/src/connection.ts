import { type Anura, createAnura } from '@anura/client';
import type { Context } from './context.ts';

export interface ConnectionOptions {
  readonly url?: string;
  readonly key?: string;
}

const defaultUrl = 'http://127.0.0.1:8484';

/** The server's address: `--url`, `ANURA_URL`, or the one `anura serve` uses by default. */
export function serverUrl({ url }: ConnectionOptions, { env }: Context): string {
  return url ?? (env['ANURA_URL'] || defaultUrl);
}

/** A client of the server that the options or the environment name. */
export function connect(options: ConnectionOptions, context: Context): Anura {
  const apiKey = options.key ?? context.env['ANURA_API_KEY'];
  // A person at a terminal would rather hear at once what is wrong than wait for a second try.
  return createAnura({ baseUrl: serverUrl(options, context), apiKey, retries: 0 });
}
