import type { Response } from 'express';

export type Phase = 'auth' | 'queue' | 'first_token' | 'total';

/** What `Server-Timing` says about one request, in milliseconds (https://www.w3.org/TR/server-timing/). */
export class Timings {
  readonly startedAt = performance.now();
  readonly #phases = new Map<Phase, number>();

  /** Notes how long a phase took; `total` and the others count from the request's arrival when no duration is given. */
  mark(phase: Phase, durationMs = performance.now() - this.startedAt): void {
    this.#phases.set(phase, durationMs);
  }

  get(phase: Phase): number | undefined {
    return this.#phases.get(phase);
  }

  header(): string {
    return [...this.#phases].map(([phase, ms]) => `${phase};dur=${ms.toFixed(2)}`).join(', ');
  }
}

export const timingsOf = (response: Response): Timings => response.locals['timings'] as Timings;
