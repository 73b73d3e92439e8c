import { type Dispatcher, Pool } from 'undici';
import { GatewayError } from '../../../errors/gateway-error.ts';
import { connectionError } from '../../openai/upstream/connection-error.ts';
import { parseErrorBody } from '../../openai/upstream/error-body.ts';
import { BodyTooLarge, readBytes } from '../../openai/upstream/read-body.ts';
import { upstreamError } from '../../openai/upstream/upstream-error.ts';
import type { ComfySettings } from '../settings.ts';

export interface ComfyQuestion {
  readonly method: 'GET' | 'POST';
  /** Below the base path, with its query. */
  readonly path: string;
  readonly json?: object;
  readonly signal: AbortSignal;
  /** The largest answer that is read. */
  readonly limitBytes: number;
  /** Default: the settings' `answerMs`. */
  readonly deadlineMs?: number;
}

/** An answer of 200, or of 400, whose meaning only the asker knows. */
export interface ComfyAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly bytes: Buffer;
}

const maxHeaderBytes = 32 * 1024;
/** A message with the inputs of a failed node in it is the longest. */
const maxMessageBytes = 16 * 1024 * 1024;

/** The connections to one ComfyUI, WebSockets included. Redirects are never followed. */
export class ComfyHttp {
  readonly pool: Pool;
  readonly #settings: ComfySettings;

  constructor(settings: ComfySettings) {
    this.#settings = settings;
    this.pool = new Pool(settings.origin, {
      connect: { timeout: settings.deadlines.connectMs },
      // Every question carries its own deadline.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: maxHeaderBytes,
      pipelining: 1,
      allowH2: false,
      webSocket: { maxPayloadSize: maxMessageBytes },
    });
  }

  /** Throws a `GatewayError` for any answer but 200 and 400, and the signal's reason where that aborts. */
  async ask(question: ComfyQuestion): Promise<ComfyAnswer> {
    const { deadlineMs = this.#settings.deadlines.answerMs, signal } = question;
    const late = AbortSignal.timeout(deadlineMs);
    try {
      return await this.#ask(question, AbortSignal.any([signal, late]));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (late.aborted) throw this.failed('engine-timeout', `did not answer within ${deadlineMs} ms`);
      if (error instanceof BodyTooLarge) throw this.failed('engine-failed', 'answered more than is accepted');
      throw connectionError(this.#settings.name, error, this.#settings.deadlines.connectMs);
    }
  }

  /** The same, parsed: an object, or a `GatewayError`. */
  async askObject(question: ComfyQuestion): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.ask(question);
    if (answer.status !== 200) throw this.failed('engine-failed', `refused a question (${answer.status})`);
    return this.readObject(answer);
  }

  readObject({ bytes, contentType }: ComfyAnswer): Readonly<Record<string, unknown>> {
    try {
      const value: unknown = JSON.parse(bytes.toString('utf8'));
      if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
    } catch {
      // Told below.
    }
    const what = /html/i.test(contentType) ? 'a web page instead of JSON' : 'JSON that cannot be read';
    throw this.failed('engine-failed', `answered with ${what}`);
  }

  /** An error of this server, for another to try. */
  failed(code: 'engine-failed' | 'engine-timeout' | 'no-capacity', what: string): GatewayError {
    return new GatewayError(code, `Provider ${this.#settings.name} ${what}.`, { retry: 'elsewhere' });
  }

  async #ask({ method, path, json, limitBytes }: ComfyQuestion, signal: AbortSignal): Promise<ComfyAnswer> {
    const { basePath, headers } = this.#settings;
    const {
      statusCode,
      headers: answered,
      body,
    } = await this.pool.request({
      method,
      path: `${basePath}${path}`,
      headers: json ? { ...headers, 'content-type': 'application/json' } : headers,
      body: json ? JSON.stringify(json) : null,
      signal,
    });
    const bytes = await readBytes(body, limitBytes);
    if (statusCode === 200 || statusCode === 400)
      return { status: statusCode, contentType: String(answered['content-type'] ?? ''), bytes };
    throw this.#refused(statusCode, answered, bytes);
  }

  #refused(status: number, headers: Dispatcher.ResponseData['headers'], bytes: Buffer): GatewayError {
    const { name: provider, redact } = this.#settings;
    const retryAfter = headers['retry-after'];
    return upstreamError({
      ...{ provider, status, redact, body: parseErrorBody(bytes.toString('utf8')) },
      retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
    });
  }
}
