import { type GatewayError, wireErrors } from '@anura/core';
import type { ErrorBody } from '@anura/openapi';

export interface ErrorAnswer {
  status: number;
  body: ErrorBody;
  headers: Record<string, string>;
}

/** An error as a caller sees it: one body for OpenAI SDKs and envelope readers alike. */
export function errorAnswer(error: GatewayError): ErrorAnswer {
  const { status, type, code } = wireErrors[error.code];
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
