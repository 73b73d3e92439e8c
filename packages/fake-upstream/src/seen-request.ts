import type { IncomingHttpHeaders } from 'node:http';

/** What the fake saw of one request, for tests and for the curious. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The client's port: the same for requests over one connection. */
  readonly clientPort: number | undefined;
  /** The parsed JSON body; undefined without one. */
  readonly body: unknown;
  /** `client-left` means that the client closed the connection before the answer was complete. */
  outcome: 'running' | 'answered' | 'cut' | 'client-left';
}

/** The last requests, oldest first. */
export class SeenRequests {
  readonly #limit: number;
  #requests: SeenRequest[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get all(): readonly SeenRequest[] {
    return this.#requests;
  }

  add(request: SeenRequest): void {
    this.#requests.push(request);
    if (this.#requests.length > this.#limit) this.#requests = this.#requests.slice(-this.#limit);
  }
}
