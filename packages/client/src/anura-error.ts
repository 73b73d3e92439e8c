import type { WireErrorCode } from '@anura/core';
import type { JobState } from './generated/types.gen.js';

const brand = Symbol.for('anura.client.error');

export type AnuraErrorDetails = {
  /** HTTP status; absent when no answer came, or when it failed after a stream began. */
  status?: number | undefined;
  code: AnuraErrorCode;
  /** The request field that is wrong, such as `messages[0].role`. */
  param?: string | undefined;
  /** The answer's `X-Request-Id`, which finds the request in the server's log. */
  requestId?: string | undefined;
  /** How long the server asks to wait before trying again. Absent where waiting does not help. */
  retryAfterMs?: number | undefined;
  /** What else the server said: `job_offer_id`, `job_state`, the scheduler's `refusals`, … */
  data?: Readonly<Record<string, unknown>> | undefined;
  cause?: unknown;
};

/**
 * The codes of errors that are found on this side:
 * `invalid_options` what `createAnura` or a call was given cannot work · `no_server` nothing answers at the base URL ·
 * `not_the_api` something else than Anura answers there · `server_too_old` it is Anura, without the operation ·
 * `timeout` silence for longer than `timeoutMs` · `stream_cut_off` a stream ended before the answer was complete.
 */
export type ClientErrorCode =
  | 'invalid_options'
  | 'no_server'
  | 'not_the_api'
  | 'server_too_old'
  | 'timeout'
  | 'stream_cut_off';

/** The server's codes, such as `model_not_found`, and the client's own. An upstream's code may be any other text. */
export type AnuraErrorCode = WireErrorCode | ClientErrorCode | (string & {});

/** Everything the client throws, except the reason of your own `AbortSignal`. The message fits on one line. */
export class AnuraError extends Error {
  override readonly name = 'AnuraError';
  readonly status: number | undefined;
  readonly code: AnuraErrorCode;
  readonly param: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** The state of the job that the call was about, where there is one. */
  readonly jobState: JobState | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly [brand] = true;

  constructor(message: string, details: AnuraErrorDetails) {
    // A message of the server's, or of a runtime, may be of several lines.
    super(message.replace(/\s*[\r\n]\s*/g, ' '), { cause: details.cause });
    this.status = details.status;
    this.code = details.code;
    this.param = details.param;
    this.requestId = details.requestId;
    this.retryAfterMs = details.retryAfterMs;
    this.jobState = details.data?.['job_state'] as JobState | undefined;
    this.data = details.data;
  }

  /** The same in the words of the contract's error body, by which the generated operations and hooks are typed. */
  get error(): { message: string; type: string; param: string | null; code: string | null } {
    return { message: this.message, type: this.name, param: this.param ?? null, code: this.code };
  }

  /** True also for an error thrown by another copy of this package, where `instanceof` is not. */
  static is(error: unknown): error is AnuraError {
    return typeof error === 'object' && error !== null && brand in error;
  }
}
