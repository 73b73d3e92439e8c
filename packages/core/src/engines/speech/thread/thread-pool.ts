import { GatewayError } from '../../../errors/gateway-error.ts';
import type { SpeechThread } from './speech-thread.ts';

export interface ThreadPoolOptions {
  /** For messages, e.g. `flite`. */
  readonly name: string;
  readonly makeThread: () => Promise<SpeechThread>;
  /** Threads at the same time. */
  readonly size: number;
  /** A thread that had nothing to do for so long is ended, milliseconds. */
  readonly idleMs: number;
  /** One request may take so long, milliseconds. */
  readonly timeoutMs: number;
  /**
   * What becomes of a thread whose caller left: `end` stops it at once and makes another when needed; `finish` lets it finish for
   * nobody, where making another costs more.
   */
  readonly onAbort: 'end' | 'finish';
}

/**
 * Threads made when needed, used again and ended when idle. Requests beyond the size wait in line.
 *
 * ```
 *            ask                       answered
 *   (none) ──────► busy ◄───────────────────────► idle ──idleMs──► (ended)
 *                   └─ caller left, too slow, crashed ──► (ended)
 * ```
 *
 * Whoever makes the pool closes it.
 */
export class ThreadPool {
  readonly #options: ThreadPoolOptions;
  readonly #idle = new Map<SpeechThread, NodeJS.Timeout>();
  readonly #all = new Set<SpeechThread>();
  readonly #line: (() => void)[] = [];
  #busy = 0;
  #closed = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
  }

  /** Threads that exist now, busy or idle. */
  get size(): number {
    return this.#all.size;
  }

  /** @throws GatewayError `cancelled`, `engine-timeout`, `engine-failed`; the signal's own reason where that is one. */
  async ask(request: unknown, signal: AbortSignal): Promise<unknown> {
    await this.#turn(signal);
    const timeout = AbortSignal.timeout(this.#options.timeoutMs);
    const work = this.#work(request, AbortSignal.any([signal, timeout]), timeout);
    // The caller may leave before the thread does: the turn ends with the thread.
    void work.done.finally(() => this.#endTurn());
    return work.answer;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const next of this.#line.splice(0)) next();
    await Promise.all([...this.#all].map((thread) => this.#end(thread)));
  }

  async #turn(signal: AbortSignal): Promise<void> {
    if (this.#busy >= this.#options.size) await this.#wait(signal);
    else this.#busy += 1;
    try {
      throwIfAborted(signal);
      if (this.#closed) throw new GatewayError('engine-failed', `The speech model ${this.#options.name} is closed.`);
    } catch (error) {
      this.#endTurn();
      throw error;
    }
  }

  /** Until a turn is handed over, or for ever less one: an aborted waiter leaves the line and takes no turn with it. */
  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const next = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#line.splice(this.#line.indexOf(next), 1);
        reject(abortReason(signal));
      };
      if (signal.aborted) return reject(abortReason(signal));
      signal.addEventListener('abort', leave, { once: true });
      this.#line.push(next);
    });
  }

  #endTurn(): void {
    const next = this.#line.shift();
    if (next) next();
    else this.#busy -= 1;
  }

  #work(request: unknown, stop: AbortSignal, timeout: AbortSignal): { answer: Promise<unknown>; done: Promise<void> } {
    const thread = this.#take();
    const asked = thread.then((taken) => taken.ask(request));
    const answer = untilAborted(asked, stop, () => (timeout.aborted ? this.#tooSlow() : abortReason(stop)));
    const mustEnd = () => timeout.aborted || this.#options.onAbort === 'end';
    const ended = answer.catch(async () => {
      if (stop.aborted && mustEnd()) await this.#end(await thread);
    });
    const done = Promise.allSettled([ended, asked, thread]).then(async () => this.#putBack(await thread));
    return { answer, done: done.catch(() => undefined) };
  }

  async #take(): Promise<SpeechThread> {
    for (const [thread, timer] of this.#idle) {
      clearTimeout(timer);
      this.#idle.delete(thread);
      if (!thread.gone) return thread;
      this.#all.delete(thread);
    }
    const made = await this.#options.makeThread();
    this.#all.add(made);
    return made;
  }

  #putBack(thread: SpeechThread): void {
    if (this.#closed || thread.gone) {
      void this.#end(thread);
      return;
    }
    const timer = setTimeout(() => void this.#end(thread), this.#options.idleMs);
    timer.unref();
    this.#idle.set(thread, timer);
  }

  async #end(thread: SpeechThread): Promise<void> {
    clearTimeout(this.#idle.get(thread));
    this.#idle.delete(thread);
    this.#all.delete(thread);
    await thread.end();
  }

  #tooSlow(): GatewayError {
    const { name, timeoutMs } = this.#options;
    return new GatewayError(
      'engine-timeout',
      `The speech model ${name} took more than ${timeoutMs} ms for one sentence.`,
      {
        retry: 'elsewhere',
      },
    );
  }
}

/** Why a call was stopped, as a `GatewayError`. */
function abortReason({ reason }: AbortSignal): GatewayError {
  if (GatewayError.is(reason)) return reason;
  return new GatewayError('cancelled', 'The caller left before the speech was ready.', { cause: reason });
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortReason(signal);
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal, reason: () => GatewayError): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const leave = () => reject(reason());
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
