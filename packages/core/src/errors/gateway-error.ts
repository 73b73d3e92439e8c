import type { PreciseErrorCode } from './wire-errors.ts';

/**
 * What went wrong, in the project's own words. The table in `wire-errors.ts` turns a code into a status and an OpenAI body.
 *
 * `invalid-request` the caller's mistake, named in `data.param` · `unauthenticated` `forbidden` the key ·
 * `not-found` `conflict` `too-large` · `rate-limited` this key asked too much · `no-capacity` nobody can take it now ·
 * `engine-failed` `engine-timeout` the provider · `cancelled` the caller left · `internal` our fault.
 */
export type ErrorCode =
  | 'invalid-request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'rate-limited'
  | 'no-capacity'
  | 'engine-failed'
  | 'engine-timeout'
  | 'cancelled'
  | 'internal';

/** Where another try could help. Decided where the error is born, only read afterwards. */
export type Retry = 'never' | 'here' | 'elsewhere';

export interface ErrorData {
  /** The request field at fault, e.g. `messages[2].content`. */
  param?: string;
  /** The code OpenAI clients look for where it differs from ours, e.g. `context_length_exceeded`; an upstream's may be any text. */
  openaiCode?: PreciseErrorCode | (string & {});
  /** How long waiting is worth it. Milliseconds; the wire rounds it up to whole seconds. */
  retryAfterMs?: number;
  /** Which providers were considered and why each was refused. */
  refusals?: readonly { provider: string; model: string; reason: string }[];
  /** The job that came to this, and the state it is in, where the request asked about one. */
  jobOfferId?: string;
  jobState?: string;
  /** The status of an upstream's answer, where there was one. */
  upstreamStatus?: number;
}

const brand = Symbol.for('anura.GatewayError');

export interface GatewayErrorOptions extends ErrorData {
  retry?: Retry;
  cause?: unknown;
}

/**
 * The one error that crosses rooms. The message says what happened, to what, and what to do next; it reaches callers, so it
 * never holds a key or a provider's address.
 */
export class GatewayError extends Error {
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly data: ErrorData;

  constructor(code: ErrorCode, message: string, { retry = 'never', cause, ...data }: GatewayErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'GatewayError';
    this.code = code;
    this.retry = retry;
    this.data = data;
  }

  /** True across copies of this package, where `instanceof` is not. */
  static is(error: unknown): error is GatewayError {
    return typeof error === 'object' && error !== null && brand in error;
  }

  /** The error itself, or an `internal` one around what was thrown. */
  static from(error: unknown): GatewayError {
    if (GatewayError.is(error)) return error;
    return new GatewayError(
      'internal',
      'Something failed inside Anura. The log has the details under this request id.',
      {
        cause: error,
      },
    );
  }
}
