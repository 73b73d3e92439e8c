/** Whether the server is on its way up, serving or on its way down: what `/readyz` says. */
export class Lifecycle {
  #stopping = false;
  #ready = false;

  get ready(): boolean {
    return this.#ready && !this.#stopping;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  becomeReady(): void {
    this.#ready = true;
  }

  beginStopping(): void {
    this.#stopping = true;
  }
}
