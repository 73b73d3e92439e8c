import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SearchEngine, ShippedFolder } from '@anura/core/search';
import { type EffectiveConfig, searchIndexPath } from './config/index.ts';
import type { Logger } from './log/logger.ts';

/** A search engine that is opened by the first search: the start need not wait for it. */
export interface SearchOnUse {
  /** Throws what hinders it; the next call tries again. */
  engine(): Promise<SearchEngine>;
  close(): Promise<void>;
}

/** The search engine the operator chose; undefined when it is off. */
export function openSearch(config: EffectiveConfig, log: Logger): SearchOnUse | undefined {
  if (config.search.engine === 'off') return undefined;
  let opened: Promise<SearchEngine> | undefined;
  return {
    async engine() {
      opened ??= openEngine(config, log);
      opened.catch(() => {
        opened = undefined;
      });
      return await opened;
    },
    close: async () => (await opened)?.close(),
  };
}

async function openEngine({ search, dataDir }: EffectiveConfig, log: Logger): Promise<SearchEngine> {
  const { createBraveSearch, createSearxngSearch, openLocalSearch } = await import('@anura/core/search');
  const { engine, url, key, timeoutMs, rememberQueries } = search;
  // What each cannot do without, the configuration has been checked for.
  if (engine === 'searxng' && url !== undefined) return createSearxngSearch({ baseUrl: url, timeoutMs });
  if (engine === 'brave' && key !== undefined)
    return createBraveSearch({ apiKey: key.reveal(), timeoutMs, ...(url === undefined ? {} : { baseUrl: url }) });
  return openLocalSearch({ path: searchIndexPath(dataDir), shipped: shippedDocuments(), rememberQueries, log });
}

/** The project's own pages, so that a fresh server finds something: where the build puts them, seen from `src` as from `dist`. */
function shippedDocuments(): ShippedFolder[] {
  const folder = fileURLToPath(new URL('../dist/docs', import.meta.url));
  return existsSync(folder) ? [{ collection: 'anura', folder }] : [];
}
