import { onAbort } from './on-abort.js';

/** A timer set for longer goes off at once. It is 24 days. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Ends a call after too long a silence, or with the caller's own signal. Nothing is left behind after `close`: a timer
 * for each call of the last quarter of an hour would be a leak under load, which is why this is not
 * `AbortSignal.timeout`.
 */
export class SilenceWatch {
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  readonly #forget: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #expired = false;

  constructor(timeoutMs: number, outer: AbortSignal | undefined) {
    this.#timeoutMs = timeoutMs;
    const leave = () => this.#controller.abort(outer?.reason);
    this.#forget = onAbort(outer, leave);
    if (outer?.aborted) leave();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the silence grew too long. */
  get expired(): boolean {
    return this.#expired;
  }

  /** Starts to count the silence, from zero. */
  start(): void {
    this.stop();
    this.#timer = setTimeout(
      () => {
        this.#expired = true;
        this.#controller.abort();
      },
      Math.min(this.#timeoutMs, longestTimerMs),
    );
  }

  /** Stops counting, while it is not the server that is waited for. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Ends whatever still runs under `signal`. */
  close(): void {
    this.stop();
    this.#forget();
    this.#controller.abort();
  }
}
