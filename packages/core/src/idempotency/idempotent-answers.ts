import { GatewayError } from '../errors/gateway-error.ts';
import { type WallClock, wallClock } from '../jobs/durable/wall-clock.ts';
import type { StoreLog } from '../stores/store-log.ts';
import type { StoredAnswer } from './decide-idempotency.ts';
import { checkIdempotencyKey } from './fingerprint.ts';
import type { IdempotencyStore } from './idempotency-store.ts';

export interface IdempotentAnswersOptions {
  readonly store: IdempotencyStore;
  readonly log: StoreLog;
  readonly clock?: WallClock;
  /** How long an answer is kept, milliseconds. Default 24 hours. */
  readonly keptMs?: number;
  /** A request whose process died counts as running for so long, milliseconds; renewed three times within it. Default 15,000. */
  readonly leaseMs?: number;
  /** Larger answers are not kept, so that their requests run again. Default 1 MiB. */
  readonly maxAnswerBytes?: number;
}

export interface IdempotentRequest {
  readonly keyId: string;
  /** The caller's `Idempotency-Key`. */
  readonly key: string;
  /** See `fingerprintOf`. */
  readonly fingerprint: string;
}

/**
 * Answers requests that come again under the same `Idempotency-Key` without doing them again. For work that ends with its
 * connection; jobs that survive take their key to `MediaJobs.submit`, where job and key are one commit.
 */
export class IdempotentAnswers {
  readonly #options: Required<IdempotentAnswersOptions>;
  readonly #running = new Map<string, { readonly fingerprint: string; readonly answer: Promise<StoredAnswer> }>();

  constructor(options: IdempotentAnswersOptions) {
    this.#options = { clock: wallClock, keptMs: 86_400_000, leaseMs: 15_000, maxAnswerBytes: 1_048_576, ...options };
  }

  /**
   * Runs the task, or gives the answer it had, or waits for it while it runs in this process. Answers of 5xx and 429, and
   * what is thrown, are not kept: they may be tried again.
   *
   * @throws GatewayError `invalid-request` for a bad key, `conflict` where the key belongs to another request or another
   * process works on it; and what the task throws.
   */
  async run(
    request: IdempotentRequest,
    task: () => Promise<StoredAnswer>,
  ): Promise<{ answer: StoredAnswer; repeated: boolean }> {
    checkIdempotencyKey(request.key);
    const name = `${request.keyId}\n${request.key}`;
    const running = this.#running.get(name);
    if (running) {
      if (running.fingerprint !== request.fingerprint) throw keyInUse();
      return { answer: await running.answer, repeated: true };
    }
    const decided = this.#decide(request, task);
    const answer = decided.then((outcome) => outcome.answer);
    answer.catch(() => undefined); // whoever waits is told
    this.#running.set(name, { fingerprint: request.fingerprint, answer });
    try {
      return await decided;
    } finally {
      this.#running.delete(name);
    }
  }

  async #decide(
    request: IdempotentRequest,
    task: () => Promise<StoredAnswer>,
  ): Promise<{ answer: StoredAnswer; repeated: boolean }> {
    const { store, clock, keptMs, leaseMs } = this.#options;
    const nowMs = clock.now();
    const decision = await store.begin({
      ...request,
      nowMs,
      keptSinceMs: nowMs - keptMs,
      runningUntilMs: nowMs + leaseMs,
    });
    if (decision.outcome === 'answered') return { answer: decision.answer, repeated: true };
    if (decision.outcome === 'running') throw stillRunning(leaseMs);
    if (decision.outcome !== 'begin') throw keyInUse();
    return { answer: await this.#perform(request, task), repeated: false };
  }

  async #perform(request: IdempotentRequest, task: () => Promise<StoredAnswer>): Promise<StoredAnswer> {
    const stopRenewing = this.#renewWhileRunning(request);
    let kept = false;
    try {
      const answer = await task();
      kept = this.#isWorthKeeping(answer) && (await this.#keep(request, answer));
      return answer;
    } finally {
      stopRenewing();
      if (!kept) await this.#options.store.abandon(request).catch((error: unknown) => this.#noteTrouble(error));
    }
  }

  #renewWhileRunning(request: IdempotentRequest): () => void {
    const { store, clock, leaseMs } = this.#options;
    const again = () => {
      cancel = clock.after(leaseMs / 3, again);
      store.renew(request, clock.now() + leaseMs).catch((error: unknown) => this.#noteTrouble(error));
    };
    let cancel = clock.after(leaseMs / 3, again);
    return () => cancel();
  }

  #isWorthKeeping({ status, body }: StoredAnswer): boolean {
    return status < 500 && status !== 429 && Buffer.byteLength(body) <= this.#options.maxAnswerBytes;
  }

  /** The work is done: that its answer cannot be kept is no reason to say otherwise. */
  async #keep(request: IdempotentRequest, answer: StoredAnswer): Promise<boolean> {
    try {
      await this.#options.store.finish(request, answer);
      return true;
    } catch (error) {
      this.#noteTrouble(error);
      return false;
    }
  }

  #noteTrouble(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.log.warn({ reason }, 'An idempotency key could not be written down.');
  }
}

const keyInUse = (): GatewayError =>
  new GatewayError('conflict', 'This Idempotency-Key was used with another request. Use a new one.', {
    param: 'Idempotency-Key',
  });

const stillRunning = (leaseMs: number): GatewayError =>
  new GatewayError('conflict', 'The request with this Idempotency-Key is still running. Try again in a moment.', {
    param: 'Idempotency-Key',
    retryAfterMs: Math.min(leaseMs, 2_000),
  });
