import type { ErrorCode, GatewayError } from '@anura/core';
import type { ErrorBody } from '@anura/openapi';

interface Answer {
  status: number;
  /** OpenAI's `error.type`. */
  type: string;
  /** OpenAI's `error.code` unless the error names a better one. */
  code: string;
}

/** The one table that turns our codes into a status and OpenAI's words. */
const answers: Record<ErrorCode, Answer> = {
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
};

export interface ErrorAnswer {
  status: number;
  body: ErrorBody;
  headers: Record<string, string>;
}

/** An error as a caller sees it: one body for OpenAI SDKs and envelope readers alike. */
export function errorAnswer(error: GatewayError): ErrorAnswer {
  const { status, type, code } = answers[error.code];
  const { param, openaiCode, retryAfterMs, refusals, jobOfferId, jobState } = error.data;
  const data = {
    ...(jobOfferId === undefined ? {} : { job_offer_id: jobOfferId }),
    ...(jobState === undefined ? {} : { job_state: jobState }),
    ...(refusals && refusals.length > 0 ? { refusals: [...refusals] } : {}),
  };
  return {
    status,
    body: {
      error: { message: error.message, type, param: param ?? null, code: openaiCode ?? code },
      message: error.message,
      status,
      ...(Object.keys(data).length > 0 ? { data } : {}),
    },
    headers: retryAfterMs === undefined ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) },
  };
}
