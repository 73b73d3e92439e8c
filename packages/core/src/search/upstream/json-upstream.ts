import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import { GatewayError } from '../../errors/gateway-error.ts';
import { leftReason } from '../left-reason.ts';
import { readLimited, TooLarge } from './read-limited.ts';

export interface JsonUpstreamOptions {
  /** For messages, e.g. `searxng`. */
  readonly name: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For one try, milliseconds. Default 8,000. */
  readonly timeoutMs?: number;
  /** Between the first try and the second, milliseconds. Default 300. */
  readonly retryDelayMs?: number;
  /** What a status means there, where the general words would mislead. */
  readonly statusWords?: Readonly<Record<number, string>>;
}

const mostBytes = 4 * 1024 * 1024;
const mostRetryAfterMs = 3_600_000;

/**
 * A search service that answers JSON over HTTP. One more try where the first failed in a way that may pass. Redirects are not
 * followed: they would carry the key elsewhere. Whoever makes it closes it.
 */
export class JsonUpstream {
  readonly #options: Required<JsonUpstreamOptions>;
  readonly #agent: Agent;

  constructor({ name, headers = {}, timeoutMs = 8_000, retryDelayMs = 300, statusWords = {} }: JsonUpstreamOptions) {
    this.#options = { name, headers, timeoutMs, retryDelayMs, statusWords };
    this.#agent = new Agent({ connect: { timeout: timeoutMs }, maxHeaderSize: 32_768 });
  }

  /** @throws GatewayError `engine-failed`, `engine-timeout` or `cancelled`; its message has no address. */
  async get(url: URL, signal: AbortSignal): Promise<unknown> {
    try {
      return await this.#try(url, signal);
    } catch (error) {
      if (!GatewayError.is(error) || error.retry !== 'here') throw error;
    }
    await sleep(this.#options.retryDelayMs, undefined, { signal }).catch(() => {
      throw leftReason(signal);
    });
    return this.#try(url, signal);
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  /** The service answered something that cannot be used. */
  unusable(why: string, cause?: unknown): GatewayError {
    return this.#failed(why, { retry: 'elsewhere', cause });
  }

  async #try(url: URL, signal: AbortSignal): Promise<unknown> {
    const stop = AbortSignal.any([signal, AbortSignal.timeout(this.#options.timeoutMs)]);
    try {
      const headers = { accept: 'application/json', ...this.#options.headers };
      const response = await request(url, { dispatcher: this.#agent, headers, signal: stop });
      if (response.statusCode !== 200) throw await this.#refusal(response);
      const bytes = await readLimited(response.body, mostBytes);
      return this.#parse(Buffer.from(bytes).toString());
    } catch (error) {
      throw this.#explained(error, signal, stop);
    }
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw this.unusable('answered something that is not JSON', cause);
    }
  }

  async #refusal({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<GatewayError> {
    await body.dump({ limit: 65_536 }).catch(() => undefined);
    const passing = statusCode >= 500 || statusCode === 408;
    const retryAfterMs = readRetryAfter(headers['retry-after']);
    return this.#failed(this.#options.statusWords[statusCode] ?? statusReason(statusCode), {
      retry: passing ? 'here' : 'elsewhere',
      upstreamStatus: statusCode,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }

  #explained(error: unknown, signal: AbortSignal, stop: AbortSignal): GatewayError {
    if (signal.aborted) return leftReason(signal);
    if (GatewayError.is(error)) return error;
    if (error instanceof TooLarge) return this.unusable('answered more than can be taken in', error);
    const { name, timeoutMs } = this.#options;
    if (stop.aborted) {
      return new GatewayError('engine-timeout', `The search engine ${name} did not answer within ${timeoutMs} ms.`, {
        retry: 'here',
        cause: error,
      });
    }
    return this.#failed(`cannot be reached${errorCode(error)}`, { retry: 'here', cause: error });
  }

  #failed(why: string, options: ConstructorParameters<typeof GatewayError>[2]): GatewayError {
    return new GatewayError('engine-failed', `The search engine ${this.#options.name} ${why}.`, options);
  }
}

function statusReason(status: number): string {
  if (status === 401 || status === 403) return `refused its key (${status}): the operator should check it`;
  if (status === 429) return 'was asked too often (429): wait, or raise its limit';
  if (status >= 300 && status < 400) return `redirects elsewhere (${status}): give its final address in the settings`;
  if (status === 404) return 'has no search at its address (404): check the address in the settings';
  return `answered ${status}`;
}

/** Whole seconds; a date is not worth a clock here. */
function readRetryAfter(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string' || !/^\d{1,9}$/.test(header)) return undefined;
  return Math.min(Number(header) * 1000, mostRetryAfterMs);
}

/** A code like ECONNREFUSED is for the operator and holds no address. */
function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
}
