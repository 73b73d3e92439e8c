import { Agent, request } from 'undici';
import { guardedLookup } from '../network/guarded-lookup.ts';
import type { Reach } from '../network/reach.ts';
import { privateNetwork, whyNotUrl } from './check-webhook-url.ts';
import type { TryAnswer } from './plan-delivery.ts';

export interface WebhookClientOptions {
  /** `public` unless the operator allows private networks. */
  readonly reach: Reach;
  /** For the whole exchange, milliseconds. Default 15,000. */
  readonly timeoutMs?: number;
}

export interface WebhookMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SentMessage extends TryAnswer {
  /** Why it counts as failed; `null` when the receiver took it. Names no address. */
  readonly error: string | null;
}

const mostAnswerBytes = 65_536;
const longestRetryAfterSeconds = 86_400;

/**
 * Posts webhooks. No redirect is followed, no private address is connected to unless the operator allows it, whatever a name
 * resolves to at that moment, and of the answer only the status counts. Whoever made it closes it.
 */
export class WebhookClient {
  readonly #reach: Reach;
  readonly #timeoutMs: number;
  readonly #agent: Agent;

  constructor({ reach, timeoutMs = 15_000 }: WebhookClientOptions) {
    this.#reach = reach;
    this.#timeoutMs = timeoutMs;
    this.#agent = new Agent({
      connect: { timeout: timeoutMs, lookup: guardedLookup(reach, () => new RefusedAddress(privateNetwork)) },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxHeaderSize: 32_768,
      // Tries are minutes apart.
      keepAliveTimeout: 1_000,
      pipelining: 1,
    });
  }

  /** Never throws: what went wrong is the answer. */
  async send({ url, headers, body }: WebhookMessage, signal: AbortSignal): Promise<SentMessage> {
    const why = whyNotUrl(url, this.#reach);
    if (why !== undefined) return { status: null, error: why };
    const whole = AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]);
    try {
      const answer = await request(url, {
        method: 'POST',
        dispatcher: this.#agent,
        headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'Anura-Webhooks' },
        body,
        signal: whole,
      });
      // What it says beyond the status is of no use, and may be without end; that it breaks off is of no matter.
      await answer.body.dump({ limit: mostAnswerBytes, signal: whole }).catch(() => undefined);
      return {
        status: answer.statusCode,
        ...retryAfter(answer.headers['retry-after']),
        error: errorOf(answer.statusCode),
      };
    } catch (error) {
      return { status: null, error: reasonOf(error, this.#timeoutMs) };
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

class RefusedAddress extends Error {}

function errorOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `the receiver answered ${status}; redirects are not followed`;
  return `the receiver answered ${status}`;
}

/** Only the number of seconds is understood, not a date. */
function retryAfter(header: string | string[] | undefined): { retryAfterMs?: number } {
  const seconds = typeof header === 'string' && /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined;
  return seconds === undefined ? {} : { retryAfterMs: Math.min(seconds, longestRetryAfterSeconds) * 1000 };
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
};

function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof RefusedAddress) return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0], timeoutMs);
  const { name, code } = {
    name: '',
    code: '',
    ...(error instanceof Error ? { name: error.name, code: codeOf(error) } : {}),
  };
  if (name === 'TimeoutError' || code.endsWith('TIMEOUT')) return `there was no answer within ${timeoutMs / 1000} s`;
  if (name === 'AbortError') return 'this server stopped in the middle of it';
  if (/CERT|TLS|SSL/.test(code)) return `its certificate is not trusted (${code})`;
  return reasons[code] ?? 'the connection failed';
}

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');
