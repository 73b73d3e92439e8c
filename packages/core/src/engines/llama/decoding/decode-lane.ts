/** Work on one sequence that advances one evaluation at a time. */
export interface DecodeTask {
  /** False while it must wait, because its reader is behind. Call `DecodeLane.wake` when that changes. */
  readonly ready: boolean;
  /** Makes one evaluation. Never rejects. Resolves to false when there is nothing more to do. */
  step(): Promise<boolean>;
}

/**
 * Lets the sequences of one native context decode together, in step.
 *
 * ```
 *            join, wake                    nobody ready
 *   idle ───────────────► stepping ───────────────────────► idle
 *                          │    ▲
 *                          └────┘ every ready task makes one evaluation,
 *                                 lowest sequence first; then the next round
 * ```
 *
 * Left to themselves the sequences drift apart: each asks for its next token when its own sampling is done, and the native
 * batch leaves without the late ones. Measured with the bundled model, 8 chats: 1,480–1,790 tokens/s apart, 1,930–2,040 in
 * step; 2 chats were hardly ever batched (1.1 tokens a batch). The order matters as well: llama.cpp evaluates sequences in
 * one go only when their numbers ascend (2.4 ms instead of 3.9 ms for 8 in reverse).
 */
export class DecodeLane {
  readonly #tasks: (DecodeTask | undefined)[] = [];
  #stepping = false;

  /** How many tasks are under way. */
  get load(): number {
    return this.#tasks.reduce((count, task) => count + (task === undefined ? 0 : 1), 0);
  }

  /** Adds the work of the sequence with this number; at most one task for a sequence at a time. */
  join(sequenceNumber: number, task: DecodeTask): void {
    this.#tasks[sequenceNumber] = task;
    this.wake();
  }

  /** A task became ready. */
  wake(): void {
    if (!this.#stepping) void this.#stepWhileReady();
  }

  async #stepWhileReady(): Promise<void> {
    this.#stepping = true;
    for (let ready = this.#readyNumbers(); ready.length > 0; ready = this.#readyNumbers()) {
      await Promise.all(ready.map((number) => this.#step(number)));
    }
    this.#stepping = false;
  }

  #readyNumbers(): number[] {
    const ready: number[] = [];
    for (const [number, task] of this.#tasks.entries()) {
      if (task?.ready) ready.push(number);
    }
    return ready;
  }

  async #step(number: number): Promise<void> {
    const task = this.#tasks[number];
    if (task === undefined || (await task.step())) return;
    if (this.#tasks[number] === task) this.#tasks[number] = undefined;
  }
}
