import type { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../../errors/gateway-error.ts';
import { sqliteError } from '../../stores/sqlite/sqlite-error.ts';
import { PageFetcher, type PageFetcherOptions } from '../documents/page-fetcher.ts';
import { readUrlList } from '../documents/url-list.ts';
import { leftReason } from '../left-reason.ts';
import type { SearchAnswer, SearchEngine, SearchQuery } from '../search-engine.ts';
import { tidyQueries } from '../upstream/tidy-results.ts';
import { type AddOptions, type AddReport, addDocuments } from './add-documents.ts';
import { companionWords } from './companion-words.ts';
import { DocumentIndex, type Hit } from './document-index.ts';
import { folderCandidates } from './folder-candidates.ts';
import { fullTextQuery } from './full-text-query.ts';
import { pageCandidates } from './page-candidates.ts';
import { PastQueries } from './past-queries.ts';
import { openSearchDatabase } from './search-database.ts';

export interface LocalSearchOptions {
  /** The index's file, e.g. `data/search.sqlite`; made where it is missing. */
  readonly path: string;
  /** Folders that come with the program, read at the first search and again after each start where they changed. */
  readonly shipped?: readonly ShippedFolder[];
  /** How pages of lists are fetched. */
  readonly pages?: PageFetcherOptions;
  /** Whether queries are kept to suggest them to others, once three have asked the same. Default true. */
  readonly rememberQueries?: boolean;
  /** Told when a shipped folder cannot be read. A pino logger fits. */
  readonly log?: { warn(details: object, message: string): void };
  /** Milliseconds. Default `Date.now`. */
  readonly now?: () => number;
}

export interface ShippedFolder extends FolderOptions {
  /** A folder, or one file. */
  readonly folder: string;
  readonly collection: string;
}

export interface FolderOptions {
  /** What its documents belong to; adding the same collection again brings it up to date. Default: the folder's path. */
  readonly collection?: string;
  /** What the files' names are put behind, e.g. `https://docs.example/`. Default `local://` and the last part of the collection. */
  readonly baseUrl?: string;
}

/** Search over documents the operator added. */
export interface LocalSearch extends SearchEngine {
  /**
   * Reads the `.md`, `.txt` and `.html` files of a folder, or one such file. Files gone since the last time are taken out.
   *
   * @throws GatewayError `invalid-request` where there is nothing to read, `cancelled`.
   */
  addFolder(folder: string, options?: FolderOptions & AddOptions): Promise<AddReport>;
  /**
   * Fetches the pages of a list, one address a line, into a collection. Pages that cannot be had are reported, and stay as
   * they were; pages no longer in the list are taken out.
   *
   * @throws GatewayError `invalid-request` naming the line at fault, `cancelled`.
   */
  addPages(list: string, options: { readonly collection: string } & AddOptions): Promise<AddReport>;
  /** Forgets a collection; 0 where there is none. */
  remove(collection: string): number;
  /** How many documents each collection has. */
  collections(): readonly { readonly collection: string; readonly documents: number }[];
}

const mostRelated = 6;
const mostPast = 3;
/** Results looked at for related words, however few were asked for. */
const lookedAt = 10;

/**
 * Opens the index. Nothing is read until the first search or addition.
 *
 * @throws GatewayError `internal` where the file cannot be opened.
 * @example
 * const search = openLocalSearch({ path: 'data/search.sqlite', shipped: [{ collection: 'anura', folder: 'docs' }] });
 * await search.search({ query: 'how are jobs retried?', count: 3, signal });
 */
export function openLocalSearch(options: LocalSearchOptions): LocalSearch {
  return new SqliteSearch(options, openSearchDatabase(options.path));
}

class SqliteSearch implements LocalSearch {
  readonly name = 'local';
  readonly #options: LocalSearchOptions;
  readonly #database: DatabaseSync;
  readonly #index: DocumentIndex;
  readonly #past: PastQueries;
  readonly #fetcher: PageFetcher;
  readonly #closing = new AbortController();
  #closed = false;
  #shipped: Promise<void> | undefined;
  /** Additions wait for each other: two at once would read the same folder twice. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: LocalSearchOptions, database: DatabaseSync) {
    this.#options = options;
    this.#database = database;
    this.#index = new DocumentIndex(database);
    this.#past = new PastQueries(database, options.now ?? Date.now);
    this.#fetcher = new PageFetcher(options.pages ?? {});
  }

  async search({ query, count, signal }: SearchQuery): Promise<SearchAnswer> {
    if (signal.aborted) throw leftReason(signal);
    this.#shipped ??= this.#addShipped();
    await untilAborted(this.#shipped, signal);
    const typed = fullTextQuery(query);
    if (!typed) return { results: [], related_queries: [] };
    try {
      return this.#answer(query, this.#index.find(typed, Math.max(count, lookedAt)), count);
    } catch (error) {
      throw sqliteError('The search index', error);
    }
  }

  async addFolder(folder: string, options: FolderOptions & AddOptions = {}): Promise<AddReport> {
    const { collection = folder, baseUrl = defaultBaseUrl(collection) } = options;
    return this.#add(collection, options, () => folderCandidates(folder, checkedBaseUrl(baseUrl)));
  }

  async addPages(list: string, options: { readonly collection: string } & AddOptions): Promise<AddReport> {
    const urls = readUrlList(list);
    return this.#add(options.collection, options, (signal) => pageCandidates(urls, this.#fetcher, signal));
  }

  remove(collection: string): number {
    const names = [...this.#index.stamps(collection).keys()];
    this.#index.remove(collection, names);
    return names.length;
  }

  collections(): readonly { readonly collection: string; readonly documents: number }[] {
    return this.#index.collections();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#turn.catch(() => undefined);
    await this.#fetcher.close();
    if (!this.#closed) this.#database.close();
    this.#closed = true;
  }

  #add(
    collection: string,
    { signal, onProgress }: AddOptions,
    candidates: (signal: AbortSignal) => Parameters<typeof addDocuments>[2],
  ): Promise<AddReport> {
    const stop = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    const options: AddOptions = onProgress ? { signal: stop, onProgress } : { signal: stop };
    const added = this.#turn.then(() => addDocuments(this.#index, collection, candidates(stop), options));
    this.#turn = added.catch(() => undefined);
    return added.catch((error) => {
      throw sqliteError('The search index', error);
    });
  }

  /** A search over what is there is better than none: a folder that cannot be read is only logged. */
  async #addShipped(): Promise<void> {
    for (const { folder, ...options } of this.#options.shipped ?? []) {
      await this.addFolder(folder, options).catch((error) => {
        this.#options.log?.warn({ error, folder }, 'A folder that comes with Anura cannot be read for searching.');
      });
    }
  }

  #answer(query: string, hits: readonly Hit[], count: number): SearchAnswer {
    const related = this.#related(query, hits);
    if (hits.length > 0) this.#remember(query);
    const results = hits.slice(0, count).map(({ title, url, description }) => ({ title, url, description }));
    return { results, related_queries: related };
  }

  /** A full disk or a locked file costs a suggestion, not the answer. */
  #remember(query: string): void {
    if (this.#options.rememberQueries === false) return;
    try {
      this.#past.remember(query);
    } catch (error) {
      this.#options.log?.warn({ error }, 'A query could not be kept for suggestions.');
    }
  }

  #related(query: string, hits: readonly Hit[]): readonly string[] {
    const past = this.#past
      .like(query, mostPast + 1)
      .filter((other) => other.toLowerCase() !== query.trim().toLowerCase());
    const narrowed = companionWords(this.#index, hits.slice(0, lookedAt), query, mostRelated).map(
      (word) => `${query.trim()} ${word}`,
    );
    return tidyQueries([...past.slice(0, mostPast), ...narrowed], query, mostRelated);
  }
}

/** Without the folders above: they are nobody's business who searches. */
function defaultBaseUrl(collection: string): string {
  return `local://${encodeURIComponent(collection.split(/[\\/]/).findLast((part) => part !== '') ?? 'documents')}/`;
}

function checkedBaseUrl(baseUrl: string): string {
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  if (URL.canParse(base)) return base;
  throw new GatewayError('invalid-request', `\`baseUrl\` must be an address; it is ${baseUrl}.`, { param: 'baseUrl' });
}

async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const leave = () => reject(leftReason(signal));
  signal.addEventListener('abort', leave, { once: true });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
