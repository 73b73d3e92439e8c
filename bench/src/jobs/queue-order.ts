/** What a queue's process is asked to do: add jobs, then settle as many. */
export interface QueueOrder {
  readonly jobs: number;
  readonly inFlight: number;
}

/** What it answers. */
export interface QueueResult {
  readonly submitsPerSecond: number;
  readonly settlesPerSecond: number;
  /** The longest the process's event loop stood still, milliseconds: what requests beside it would feel. */
  readonly longestPauseMs: number;
}
