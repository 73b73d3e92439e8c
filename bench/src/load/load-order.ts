/** What a load generator is told to do: a closed loop per connection, keep-alive, until the time or the count is over. */
export interface LoadOrder {
  /** Where the server is, e.g. `http://127.0.0.1:8484`. */
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly stream: boolean;
  /** What an answer must contain, this often; anything else is a failure. */
  readonly expect: { readonly text: string; readonly times: number };
  readonly connections: number;
  /** Ends after this many requests in all, or after `durationMs`, whichever comes first. */
  readonly requests?: number;
  readonly durationMs: number;
}

/** What came of it. Times are milliseconds. */
export interface LoadResult {
  /** Whole, right answers. */
  readonly answered: number;
  /** Failures by reason: `status 503`, `cut`, `incomplete`, … */
  readonly failures: Readonly<Record<string, number>>;
  readonly elapsedMs: number;
  /** From sending a request to its last byte, ascending. */
  readonly totalMs: readonly number[];
  /** From sending a request to the first token, ascending; only for streams. */
  readonly firstTokenMs: readonly number[];
}
