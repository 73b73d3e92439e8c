/** Lets one waiter sleep until it is rung or its time is up, whichever is first. A ring while nobody waits is kept. */
export class Wake {
  #rung = false;
  #ring: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#ring?.();
  }

  /** Also ends when the signal aborts; it does not throw then. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#ring = () => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener('abort', this.#ring, { once: true });
      });
      if (this.#ring) signal.removeEventListener('abort', this.#ring);
      this.#ring = undefined;
    }
    this.#rung = false;
  }
}
