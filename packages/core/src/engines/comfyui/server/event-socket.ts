import { type Dispatcher, WebSocket } from 'undici';

/** A message of ComfyUI's WebSocket. */
export interface ComfyEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventSocketOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
  /** How long opening may take, milliseconds. */
  readonly connectMs: number;
  readonly onEvent: (event: ComfyEvent) => void;
}

const firstDelayMs = 100;
const longestDelayMs = 5_000;

/**
 * Hears events, and goes on doing so when the connection is cut. It never fails: what it misses is asked for otherwise.
 *
 * ```
 * connecting ──► open ──► cut ──(0.1 s, doubling to 5 s)──► connecting …
 *      └─ refused or too slow ─┘
 * ```
 */
export class EventSocket {
  /** Settled once the first attempt to connect has ended either way. */
  readonly tried: Promise<void>;
  readonly #options: EventSocketOptions;
  #socket: WebSocket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #delayMs = firstDelayMs;
  #closed = false;

  constructor(options: EventSocketOptions) {
    this.#options = options;
    this.tried = this.#connect();
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #connect(): Promise<void> {
    const { url, headers, dispatcher, connectMs, onEvent } = this.#options;
    const socket = new WebSocket(url, { dispatcher, headers });
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#timer = setTimeout(() => socket.close(), connectMs);
    return new Promise((resolve) => {
      socket.addEventListener('open', () => {
        clearTimeout(this.#timer);
        this.#delayMs = firstDelayMs;
        resolve();
      });
      socket.addEventListener('message', ({ data }: { data: unknown }) => {
        const event = readEvent(data);
        if (event && !this.#closed) onEvent(event);
      });
      socket.addEventListener('error', () => undefined);
      socket.addEventListener('close', () => {
        resolve();
        this.#again();
      });
    });
  }

  #again(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#connect(), this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, longestDelayMs);
  }
}

/** Undefined for what is no event: previews come as binary messages. */
function readEvent(message: unknown): ComfyEvent | undefined {
  if (typeof message !== 'string') return undefined;
  try {
    const { type, data } = JSON.parse(message) as { type?: unknown; data?: unknown };
    return typeof type === 'string' && typeof data === 'object' && data !== null
      ? { type, data: data as ComfyEvent['data'] }
      : undefined;
  } catch {
    return undefined;
  }
}
