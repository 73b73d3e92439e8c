const windowMs = 5000;
const emitEveryMs = 100;

/**
 * `resolving` asks the registry what the model is made of · `waiting` another pull has it in hand · `checking` reads what is there
 * already · `downloading` · `retrying` waits to go on after a failure · `installing` puts it in place · `done`.
 */
export type PullPhase = 'resolving' | 'waiting' | 'checking' | 'downloading' | 'retrying' | 'installing' | 'done';

export interface PullProgress {
  readonly phase: PullPhase;
  /** Bytes that are here, also from earlier pulls. Falls only when a corrupted download begins anew. */
  readonly completedBytes: number;
  /** 0 until the registry has said. */
  readonly totalBytes: number;
  /** Over the last five seconds; absent while nothing is measured. */
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
  /** Why it is `retrying`. */
  readonly message?: string;
}

/** Keeps the figures of one pull and tells them: at once when the phase changes, ten times a second otherwise. */
export class ProgressMeter {
  readonly #onProgress: (progress: PullProgress) => void;
  readonly #now: () => number;
  #phase: PullPhase = 'resolving';
  #message: string | undefined;
  #completedBytes = 0;
  #totalBytes = 0;
  #emittedAt = Number.NEGATIVE_INFINITY;
  #samples: { at: number; bytes: number }[] = [];

  /** @param now a clock in milliseconds */
  constructor(onProgress: (progress: PullProgress) => void, now: () => number = () => performance.now()) {
    this.#onProgress = onProgress;
    this.#now = now;
  }

  phase(phase: PullPhase, message?: string): void {
    const isNew = phase !== this.#phase || message !== this.#message;
    if (isNew) this.#samples = [{ at: this.#now(), bytes: this.#completedBytes }];
    this.#phase = phase;
    this.#message = message;
    this.#emit(isNew);
  }

  total(bytes: number): void {
    this.#totalBytes = bytes;
  }

  /** What is here now, in all. */
  completed(bytes: number): void {
    this.#completedBytes = bytes;
    this.#emit();
  }

  #emit(atOnce = false): void {
    const now = this.#now();
    if (!atOnce && now - this.#emittedAt < emitEveryMs) return;
    this.#emittedAt = now;
    this.#samples.push({ at: now, bytes: this.#completedBytes });
    while (this.#samples.length > 2 && now - (this.#samples[0]?.at ?? now) > windowMs) this.#samples.shift();
    this.#onProgress({
      phase: this.#phase,
      completedBytes: this.#completedBytes,
      totalBytes: this.#totalBytes,
      ...(this.#phase === 'downloading' ? this.#speed(now) : {}),
      ...(this.#message === undefined ? {} : { message: this.#message }),
    });
  }

  #speed(now: number): { bytesPerSecond?: number; secondsLeft?: number } {
    const first = this.#samples[0];
    if (!first || now - first.at < emitEveryMs) return {};
    const bytesPerSecond = ((this.#completedBytes - first.bytes) * 1000) / (now - first.at);
    if (bytesPerSecond <= 0) return { bytesPerSecond: 0 };
    return { bytesPerSecond, secondsLeft: Math.max(0, this.#totalBytes - this.#completedBytes) / bytesPerSecond };
  }
}
