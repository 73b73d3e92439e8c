import { Client, type Dispatcher } from 'undici';
import type { LoadOrder, LoadResult } from './load-order.ts';

/** A request that is not answered within this is a failure, and its connection is given up. */
const patienceMs = 30_000;

interface Tally {
  readonly totalMs: number[];
  readonly firstTokenMs: number[];
  readonly failures: Record<string, number>;
  started: number;
}

/** Puts one order's load on its server. One client per connection, the next request when the last is answered. */
export async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const tally: Tally = { totalMs: [], firstTokenMs: [], failures: {}, started: 0 };
  const clients = Array.from({ length: order.connections }, () => new Client(order.origin, clientOptions));
  const startedAt = performance.now();
  await Promise.all(clients.map((client) => runConnection(client, order, tally, startedAt)));
  const elapsedMs = performance.now() - startedAt;
  await Promise.all(clients.map((client) => client.destroy()));
  const ascending = (values: number[]) => values.sort((one, other) => one - other);
  return {
    answered: tally.totalMs.length,
    failures: tally.failures,
    elapsedMs,
    totalMs: ascending(tally.totalMs),
    firstTokenMs: ascending(tally.firstTokenMs),
  };
}

const clientOptions: Client.Options = {
  pipelining: 1,
  headersTimeout: patienceMs,
  bodyTimeout: patienceMs,
  keepAliveTimeout: 60_000,
};

async function runConnection(client: Client, order: LoadOrder, tally: Tally, startedAt: number): Promise<void> {
  const most = order.requests ?? Number.POSITIVE_INFINITY;
  while (tally.started < most && performance.now() - startedAt < order.durationMs) {
    tally.started++;
    const failure = await ask(client, order, tally);
    if (failure !== undefined) tally.failures[failure] = (tally.failures[failure] ?? 0) + 1;
  }
}

/** One request; resolves with why it failed, or with nothing. */
function ask(client: Client, order: LoadOrder, tally: Tally): Promise<string | undefined> {
  return new Promise((resolve) => {
    client.dispatch(
      { method: 'POST', path: order.path, headers: order.headers, body: order.body },
      new AnswerWatch(order, tally, resolve),
    );
  });
}

/** Takes the answer's bytes as they come, and judges them at their end. */
class AnswerWatch implements Dispatcher.DispatchHandler {
  readonly #order: LoadOrder;
  readonly #tally: Tally;
  readonly #resolve: (failure: string | undefined) => void;
  readonly #sentAt = performance.now();
  #status = 0;
  #text = '';
  #firstTokenMs: number | undefined;

  constructor(order: LoadOrder, tally: Tally, resolve: (failure: string | undefined) => void) {
    this.#order = order;
    this.#tally = tally;
    this.#resolve = resolve;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number): void {
    this.#status = statusCode;
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Buffer): void {
    this.#text += bytes.toString('latin1');
    if (this.#firstTokenMs === undefined && this.#text.includes(this.#order.expect.text))
      this.#firstTokenMs = performance.now() - this.#sentAt;
  }

  onResponseEnd(): void {
    const failure = this.#failure();
    if (failure === undefined) {
      this.#tally.totalMs.push(performance.now() - this.#sentAt);
      if (this.#order.stream && this.#firstTokenMs !== undefined) this.#tally.firstTokenMs.push(this.#firstTokenMs);
    }
    this.#resolve(failure);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error & { code?: string }): void {
    this.#resolve(`cut (${error.code ?? error.name})`);
  }

  #failure(): string | undefined {
    const { expect, stream } = this.#order;
    if (this.#status < 200 || this.#status > 299) return `status ${this.#status}`;
    if (this.#text.split(expect.text).length - 1 !== expect.times) return 'incomplete';
    if (stream && !this.#text.trimEnd().endsWith('data: [DONE]')) return 'no [DONE]';
    return undefined;
  }
}
