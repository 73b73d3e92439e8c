import { type ErrorData, GatewayError } from '../../../errors/gateway-error.ts';
import type { UpstreamErrorBody } from './error-body.ts';

/** An answer that is an error, and what its messages may say. */
export interface UpstreamFailure {
  readonly provider: string;
  readonly status: number;
  readonly body: UpstreamErrorBody | undefined;
  /** The `Retry-After` header, where there was one. */
  readonly retryAfter?: string | undefined;
  /** The field to name when the prompt is too long. Default `messages`. */
  readonly promptParam?: string | undefined;
  readonly redact: (text: string) => string;
}

/**
 * Turns an upstream's refusal into ours.
 *
 * | upstream | code | retry |
 * | --- | --- | --- |
 * | 400, 422 | `invalid-request`, with its param | never: the next would say the same |
 * | 413 | `too-large` | elsewhere: the limit is this upstream's |
 * | 429, 503 | `no-capacity`, with its `Retry-After` | elsewhere |
 * | 408, 504 | `engine-timeout` | elsewhere |
 * | 401, 402, 403, 404, 3xx, other | `engine-failed`: the configuration's or the upstream's fault | elsewhere |
 */
export function upstreamError(failure: UpstreamFailure): GatewayError {
  const { provider, status, body } = failure;
  const data: ErrorData = { upstreamStatus: status };
  if (status === 400 || status === 422) return callersMistake(failure);
  if (status === 413) {
    return new GatewayError('too-large', `Provider ${provider} refused the request as too large${words(failure)}`, {
      ...data,
      retry: 'elsewhere',
    });
  }
  if (status === 429 || status === 503) {
    const wait = retryAfterMs(failure.retryAfter);
    return new GatewayError('no-capacity', `Provider ${provider} is busy (${status})${words(failure)}`, {
      ...data,
      retry: 'elsewhere',
      ...(wait !== undefined && { retryAfterMs: wait }),
    });
  }
  const code = status === 408 || status === 504 ? 'engine-timeout' : 'engine-failed';
  return new GatewayError(code, explain(provider, status, body, failure), { ...data, retry: 'elsewhere' });
}

function callersMistake(failure: UpstreamFailure): GatewayError {
  const { provider, status, body, redact } = failure;
  if (isContextExceeded(body)) {
    return new GatewayError('invalid-request', `The request does not fit the model's context${words(failure)}`, {
      param: failure.promptParam ?? 'messages',
      openaiCode: 'context_length_exceeded',
      upstreamStatus: status,
    });
  }
  const message =
    body?.message === undefined
      ? `Provider ${provider} refused the request (${status}) without saying why.`
      : redact(body.message);
  return new GatewayError('invalid-request', message, {
    upstreamStatus: status,
    ...(body?.param !== undefined && { param: redact(body.param) }),
    ...(body?.code !== undefined && { openaiCode: redact(body.code) }),
  });
}

/** The codes of OpenAI and llama-server, and the words of vLLM, SGLang, llama-server and LM Studio. */
function isContextExceeded(body: UpstreamErrorBody | undefined): boolean {
  if (body?.code === 'context_length_exceeded' || body?.type === 'exceed_context_size_error') return true;
  return /maximum context length|context (?:length|size|window)[^.]{0,40}exceed|exceeds?[^.]{0,60}context|longer than the model's context|greater than the context length/i.test(
    body?.message ?? '',
  );
}

function explain(
  provider: string,
  status: number,
  body: UpstreamErrorBody | undefined,
  failure: UpstreamFailure,
): string {
  if (status === 401 || status === 403) {
    // The upstream's words are left out: they like to repeat the key.
    return `Provider ${provider} does not accept the key it is configured with (${status}). Its operator must correct it.`;
  }
  if (status >= 300 && status < 400) {
    return `Provider ${provider} answered with a redirect (${status}), which is never followed. Its operator must correct its address.`;
  }
  if (status === 404 && body === undefined)
    return `Provider ${provider} does not know this address (404). Its operator must correct it.`;
  return `Provider ${provider} failed (${status})${words(failure)}`;
}

/** The upstream's own reason, fit for callers, as the end of a sentence. */
function words({ body, redact }: UpstreamFailure): string {
  return body?.message === undefined ? '.' : `: ${redact(body.message)}`;
}

const longestWaitMs = 3_600_000;

/** Seconds or a date; undefined for neither. At most an hour. */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const milliseconds = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  if (Number.isNaN(milliseconds)) return undefined;
  return Math.min(Math.max(milliseconds, 0), longestWaitMs);
}
