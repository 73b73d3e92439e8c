import { type Dispatcher, Pool } from 'undici';
import { GatewayError } from '../../../errors/gateway-error.ts';
import type { OpenAISettings } from '../settings.ts';
import { connectionError } from './connection-error.ts';
import { parseErrorBody } from './error-body.ts';
import { readText } from './read-body.ts';
import { createRedactor } from './redact.ts';
import { type UpstreamFailure, upstreamError } from './upstream-error.ts';

/** An answer whose status was 200. Whoever gets it reads or destroys the body. */
export interface UpstreamAnswer {
  readonly contentType: string;
  readonly body: Dispatcher.ResponseData['body'];
}

export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the base path, e.g. `/chat/completions`. */
  readonly path: string;
  readonly json?: unknown;
  readonly signal: AbortSignal;
  /** The field to name when the prompt is too long. Default `messages`. */
  readonly promptParam?: string;
  /** Ask below the root instead, where Ollama's own API is. */
  readonly atRoot?: boolean;
}

const maxHeaderBytes = 32 * 1024;
const maxErrorBytes = 64 * 1024;
const keepAliveMs = 30_000;

/**
 * The connections to one upstream. Deadlines after connecting are the caller's, by signal. Redirects are never followed:
 * whoever runs the upstream must not be able to point us at other addresses.
 */
export class Upstream {
  readonly redact: (text: string) => string;
  readonly #settings: OpenAISettings;
  readonly #pool: Pool;
  readonly #headers: Record<string, string>;

  constructor(settings: OpenAISettings) {
    this.#settings = settings;
    this.redact = createRedactor(settings);
    this.#headers = { accept: '*/*', ...lowerCaseNames(settings.headers) };
    if (settings.apiKey !== undefined) this.#headers['authorization'] = `Bearer ${settings.apiKey}`;
    this.#pool = new Pool(settings.origin, {
      connect: { timeout: settings.deadlines.connectMs },
      // The signal carries the deadlines: undici's own cannot tell the first token from those after it.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: maxHeaderBytes,
      keepAliveTimeout: keepAliveMs,
      pipelining: 1,
      allowH2: false,
    });
  }

  /** Sends a request. Throws a `GatewayError` for any answer but 200. */
  async send(request: UpstreamRequest): Promise<UpstreamAnswer> {
    const { statusCode, headers, body } = await this.#request(request);
    if (statusCode === 200) return { contentType: String(headers['content-type'] ?? ''), body };
    const text = await readText(body, maxErrorBytes).catch(() => '');
    const retryAfter = headers['retry-after'];
    throw this.failure(statusCode, text, {
      retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
      promptParam: request.promptParam,
    });
  }

  /** The error for a refusal, its text parsed. */
  failure(status: number, text: string, more: Pick<UpstreamFailure, 'retryAfter' | 'promptParam'> = {}): GatewayError {
    const { name } = this.#settings;
    return upstreamError({ provider: name, status, body: parseErrorBody(text), redact: this.redact, ...more });
  }

  /** The error for something thrown while asking or reading. */
  broken(error: unknown): GatewayError {
    return connectionError(this.#settings.name, error, this.#settings.deadlines.connectMs);
  }

  /** The error for an answer that cannot be understood. */
  unreadable(what: string): GatewayError {
    return new GatewayError('engine-failed', `Provider ${this.#settings.name} ${what}.`, { retry: 'elsewhere' });
  }

  /** Cuts what still runs. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #request({ method, path, json, signal, atRoot = false }: UpstreamRequest): Promise<Dispatcher.ResponseData> {
    const { basePath, rootPath } = this.#settings;
    const hasBody = json !== undefined;
    try {
      return await this.#pool.request({
        method,
        path: `${atRoot ? rootPath : basePath}${path}`,
        headers: hasBody ? { ...this.#headers, 'content-type': 'application/json' } : this.#headers,
        body: hasBody ? JSON.stringify(json) : null,
        signal,
      });
    } catch (error) {
      throw this.broken(error);
    }
  }
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
