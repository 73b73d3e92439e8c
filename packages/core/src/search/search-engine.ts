/** One search. */
export interface SearchQuery {
  /** 1 to 400 characters. */
  readonly query: string;
  /** How many results are wanted at most, 1 to 10. */
  readonly count: number;
  /** Aborted when the caller left or a deadline passed. */
  readonly signal: AbortSignal;
}

export interface SearchResult {
  readonly title: string;
  readonly url: string;
  /** Plain text, one line. */
  readonly description: string;
}

/** Wire spelling. */
export interface SearchAnswer {
  /** Best first; empty where nothing matches. */
  readonly results: readonly SearchResult[];
  /** What else one might ask; never the query itself. */
  readonly related_queries: readonly string[];
}

/**
 * Finds pages for a query.
 *
 * `search` rejects with a `GatewayError`: `engine-failed` or `engine-timeout` where whoever searches cannot be reached or
 * answers nonsense, after one more try where that could help; `invalid-request` naming `query`; `cancelled` soon after the
 * signal aborts. Messages hold no key and no address.
 */
export interface SearchEngine {
  /** Its kind, e.g. `searxng`. */
  readonly name: string;
  search(query: SearchQuery): Promise<SearchAnswer>;
  /** Safe to call twice. The one who made it calls it. */
  close(): Promise<void>;
}
