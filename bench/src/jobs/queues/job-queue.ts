/** A durable queue under test, as its own users would call it. Whoever opens it closes it. */
export interface JobQueue {
  /** Adds one job. Resolves when the queue says that it is kept. */
  submit(): Promise<unknown>;
  /** Connects one worker, which takes no job yet. */
  openWorker(): Promise<JobWorker>;
  close(): Promise<void>;
}

/** One worker process's share of a queue. */
export interface JobWorker {
  /** Takes `count` jobs that wait, at most `inFlight` at once, and ends each with its result. */
  settle(count: number, inFlight: number): Promise<void>;
  close(): Promise<void>;
}

/** What every job asks for, 250 bytes as JSON. */
export const jobInput = { prompt: 'A green frog on a lily pad in the rain, watercolour. '.repeat(4), seed: 42 };

/** What every job comes to. */
export const jobResult = { content_type: 'image/webp', size_bytes: 1, url: '/x' };
