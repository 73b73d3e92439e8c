import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

export interface EventStreamOptions {
  /** What to send when nothing was sent for `heartbeatMs`; nothing when it returns undefined. */
  heartbeat?: () => string | undefined;
  /** Default 15 s. */
  heartbeatMs?: number;
  /** How long a caller may leave its window full before it counts as gone. Default 60 s. */
  stalledMs?: number;
}

/** Characters that leave at once, without waiting for the end of the turn: an engine may never let it end. */
const mostWaiting = 16_384;

/**
 * Server-sent events with nothing but `data:` lines: real clients JSON-parse every line. The one who opens it ends it.
 * `send` resolves when the caller can take more, so a slow reader slows the engine and no buffer grows.
 */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #stalledMs: number;
  readonly #timer: NodeJS.Timeout;
  #lastSentAt = performance.now();
  #waiting = '';

  constructor(
    response: ServerResponse,
    { heartbeat, heartbeatMs = 15_000, stalledMs = 60_000 }: EventStreamOptions = {},
  ) {
    this.#response = response;
    this.#stalledMs = stalledMs;
    this.#timer = setInterval(() => this.#beat(heartbeat, heartbeatMs), heartbeatMs / 3);
    this.#timer.unref();
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no', // nginx would hold the stream back
      Trailer: 'Server-Timing',
    });
  }

  /** Sends one event. Undefined when it left at once; a promise to wait for when the caller's window is full. */
  send(data: string): Promise<void> | undefined {
    this.#lastSentAt = performance.now();
    if (this.#response.destroyed) return undefined;
    if (this.#waiting === '') process.nextTick(() => this.#flush());
    this.#waiting += `data: ${data}\n\n`;
    if (this.#waiting.length > mostWaiting) this.#flush();
    return this.#response.writableNeedDrain ? this.#drained() : undefined;
  }

  /** Ends the stream, with `[DONE]` when the answer is complete. */
  end(complete: boolean, serverTiming: string): void {
    clearInterval(this.#timer);
    if (this.#response.destroyed) return;
    this.#flush();
    this.#response.addTrailers({ 'Server-Timing': serverTiming });
    this.#response.end(complete ? 'data: [DONE]\n\n' : undefined);
  }

  /** Events of one turn leave in one write: an upstream's packet often holds several. */
  #flush(): void {
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '' && !this.#response.destroyed && !this.#response.writableEnded) this.#response.write(text);
  }

  #beat(heartbeat: EventStreamOptions['heartbeat'], heartbeatMs: number): void {
    if (performance.now() - this.#lastSentAt < heartbeatMs || this.#response.writableNeedDrain) return;
    const data = heartbeat?.();
    if (data !== undefined) void this.send(data);
  }

  async #drained(): Promise<void> {
    const stalled = AbortSignal.timeout(this.#stalledMs);
    const closed = new AbortController();
    const onClose = () => closed.abort();
    this.#response.once('close', onClose);
    try {
      await once(this.#response, 'drain', { signal: AbortSignal.any([stalled, closed.signal]) });
    } catch {
      if (stalled.aborted) this.#response.destroy(); // 'close' aborts the request's signal, which stops the engine
    } finally {
      this.#response.off('close', onClose);
    }
  }
}
