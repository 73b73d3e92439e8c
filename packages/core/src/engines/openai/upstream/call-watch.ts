import { GatewayError } from '../../../errors/gateway-error.ts';
import type { CallDeadlines } from '../options.ts';

export interface CallWatchOptions {
  readonly provider: string;
  readonly deadlines: CallDeadlines;
  /** The caller's signal. */
  readonly signal: AbortSignal;
}

/**
 * Stops one call when its caller leaves or a deadline passes; `signal.reason` is then what to throw: the caller's own reason, or
 * an `engine-timeout` that names the deadline.
 *
 *   start ── first token due ──► token() ── next token due ──► token() … close()
 *                                  └ hold(): the consumer has it, the upstream owes nothing
 *   start ─────────────────────── total due ──────────────────────────────────┘
 */
export class CallWatch {
  readonly #controller = new AbortController();
  readonly #options: CallWatchOptions;
  readonly #totalTimer: NodeJS.Timeout;
  #tokenTimer: NodeJS.Timeout;
  #holding = false;
  #tokens = 0;
  readonly #onAbort = () => this.#controller.abort(this.#options.signal.reason);

  constructor(options: CallWatchOptions) {
    this.#options = options;
    const { firstTokenMs, totalMs } = options.deadlines;
    this.#totalTimer = setTimeout(() => this.#tooLate(`did not finish within ${totalMs} ms`), totalMs);
    this.#tokenTimer = setTimeout(() => this.#noToken(`sent no first token within ${firstTokenMs} ms`), firstTokenMs);
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (options.signal.aborted) this.#onAbort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** A token is with the consumer, who may take its time: that time is not the upstream's. */
  hold(): void {
    this.#holding = true;
  }

  /** A token came and the consumer is ready for the next: its time starts now. */
  token(): void {
    this.#holding = false;
    if (this.#tokens++ > 0) {
      this.#tokenTimer.refresh();
      return;
    }
    clearTimeout(this.#tokenTimer);
    const { betweenTokensMs } = this.#options.deadlines;
    this.#tokenTimer = setTimeout(
      () => this.#noToken(`sent no further token within ${betweenTokensMs} ms`),
      betweenTokensMs,
    );
  }

  /** Ends the watch; the signal stays silent from now on. */
  close(): void {
    clearTimeout(this.#totalTimer);
    clearTimeout(this.#tokenTimer);
    this.#options.signal.removeEventListener('abort', this.#onAbort);
  }

  #noToken(what: string): void {
    if (!this.#holding) this.#tooLate(what);
  }

  #tooLate(what: string): void {
    const { provider } = this.#options;
    this.#controller.abort(new GatewayError('engine-timeout', `Provider ${provider} ${what}.`, { retry: 'elsewhere' }));
  }
}
