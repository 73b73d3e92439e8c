/** A request that came with an `Idempotency-Key`, as it is kept. */
export interface IdempotencyEntry {
  /** Of the request, see `fingerprintOf`. */
  readonly fingerprint: string;
  readonly createdAtMs: number;
  /** The job it made, where it made one that survives. */
  readonly jobId: string | null;
  /** What was answered, once it was. */
  readonly answer: StoredAnswer | null;
  /** While nothing was answered: until when it counts as running. Milliseconds since 1970. */
  readonly runningUntilMs: number;
}

export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type IdempotencyDecision =
  /** Nobody asked this before, or whoever did is gone without an answer. */
  | { readonly outcome: 'begin' }
  | { readonly outcome: 'running' }
  /** The key belongs to another request. */
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'answered'; readonly answer: StoredAnswer }
  | { readonly outcome: 'job'; readonly jobId: string };

/** What to do about a request whose key has this entry. Entries older than `keptSinceMs` count as gone. */
export function decideIdempotency(
  entry: IdempotencyEntry | undefined,
  fingerprint: string,
  time: { readonly nowMs: number; readonly keptSinceMs: number },
): IdempotencyDecision {
  if (entry === undefined || entry.createdAtMs < time.keptSinceMs) return { outcome: 'begin' };
  if (entry.fingerprint !== fingerprint) return { outcome: 'conflict' };
  if (entry.jobId !== null) return { outcome: 'job', jobId: entry.jobId };
  if (entry.answer !== null) return { outcome: 'answered', answer: entry.answer };
  return { outcome: entry.runningUntilMs > time.nowMs ? 'running' : 'begin' };
}
