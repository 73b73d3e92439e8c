import type { Clock } from '../clock.ts';

/** A clock that stands still until a test advances it; due tasks run in order of time. */
export class ManualClock implements Clock {
  #nowMs = 0;
  readonly #tasks = new Set<{ dueMs: number; task: () => void }>();

  get pending(): number {
    return this.#tasks.size;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => void): () => void {
    const entry = { dueMs: this.#nowMs + delayMs, task };
    this.#tasks.add(entry);
    return () => this.#tasks.delete(entry);
  }

  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#tasks].filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs);
      if (!next) break;
      this.#tasks.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.task();
    }
    this.#nowMs = endMs;
  }
}
