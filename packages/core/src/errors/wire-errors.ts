import type { ErrorCode } from './gateway-error.ts';

export interface WireError {
  /** HTTP status. */
  readonly status: number;
  /** OpenAI's `error.type`. */
  readonly type: string;
  /** OpenAI's `error.code`, unless the error names a more precise one. */
  readonly code: string;
}

/** The one table that turns our codes into a status and OpenAI's words. The server answers by it, the client reads by it. */
export const wireErrors = {
  'invalid-request': { status: 400, type: 'invalid_request_error', code: 'invalid_request' },
  unauthenticated: { status: 401, type: 'invalid_request_error', code: 'invalid_api_key' },
  forbidden: { status: 403, type: 'invalid_request_error', code: 'insufficient_permissions' },
  'not-found': { status: 404, type: 'invalid_request_error', code: 'not_found' },
  conflict: { status: 409, type: 'invalid_request_error', code: 'conflict' },
  'too-large': { status: 413, type: 'invalid_request_error', code: 'request_too_large' },
  'rate-limited': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  cancelled: { status: 499, type: 'invalid_request_error', code: 'cancelled' },
  internal: { status: 500, type: 'server_error', code: 'internal_error' },
  'engine-failed': { status: 502, type: 'server_error', code: 'provider_failed' },
  'no-capacity': { status: 503, type: 'server_error', code: 'no_capacity' },
  'engine-timeout': { status: 504, type: 'server_error', code: 'provider_timeout' },
} as const satisfies Record<ErrorCode, WireError>;

/** The more precise codes, where a program may want to do something about one. */
export type PreciseErrorCode =
  | 'context_length_exceeded'
  | 'insufficient_quota'
  | 'invalid_json'
  | 'job_cancelled'
  | 'job_not_found'
  | 'job_timed_out'
  | 'model_not_found'
  | 'no_provider'
  | 'no_result'
  | 'no_such_operation'
  | 'no_such_path'
  | 'not_cancellable'
  | 'range_not_satisfiable'
  | 'result_expired'
  | 'result_not_ready'
  | 'unsupported_media_type'
  | 'video_not_ready';

/** Every code the server gives by itself. Upstreams may add codes of their own. */
export type WireErrorCode = (typeof wireErrors)[ErrorCode]['code'] | PreciseErrorCode;
