import { GatewayError } from '@anura/core';
import { describeMistake, type ValidationMistake } from './validation-message.ts';

/** What the body parser, the validator and Express throw: an error with a status. */
interface StatusError {
  status: number;
  message: string;
  type?: string;
  limit?: number;
  errors?: readonly ValidationMistake[];
}

const isStatusError = (error: unknown): error is StatusError =>
  error instanceof Error && 'status' in error && typeof error.status === 'number';

/** Any error thrown on the way through Express as one of ours. What has no status of its own is our fault. */
export function toGatewayError(error: unknown): GatewayError {
  if (GatewayError.is(error) || !isStatusError(error)) return GatewayError.from(error);
  if (error.status === 413) return tooLarge(error);
  if (error.status === 404)
    return new GatewayError('not-found', 'There is no such operation. See /docs for all of them.', {
      openaiCode: 'no_such_operation',
    });
  if (error.status === 405)
    return new GatewayError('invalid-request', 'This path does not answer that method. See /docs.', {
      openaiCode: 'no_such_operation',
    });
  if (error.status === 415) return unsupportedType();
  if (error.status >= 400 && error.status < 500) return invalid(error);
  return GatewayError.from(error);
}

/** A status that is not the usual one of the error's code. */
export function statusOf(error: unknown): number | undefined {
  if (GatewayError.is(error)) return error.data.openaiCode === 'range_not_satisfiable' ? 416 : undefined;
  return isStatusError(error) && [405, 415].includes(error.status) ? error.status : undefined;
}

function tooLarge({ limit }: StatusError): GatewayError {
  const most = limit === undefined ? '' : ` The limit here is ${Math.floor(limit / 1024 ** 2)} MB`;
  return new GatewayError(
    'too-large',
    `The request body is too large.${most}${most && '; the operator can raise body_limit.'}`,
  );
}

const unsupportedType = (): GatewayError =>
  new GatewayError(
    'invalid-request',
    'The body must be JSON in UTF-8, sent with the header Content-Type: application/json.',
    {
      openaiCode: 'unsupported_media_type',
    },
  );

function invalid(error: StatusError): GatewayError {
  if (error.type === 'entity.parse.failed') {
    return new GatewayError('invalid-request', `The body is not valid JSON: ${error.message}.`, {
      openaiCode: 'invalid_json',
    });
  }
  const [first, ...others] = error.errors ?? [];
  if (!first) return new GatewayError('invalid-request', sentence(error.message));
  const { param, message } = describeMistake(first);
  const more = others.length > 0 ? ` (${others.length} more)` : '';
  return new GatewayError('invalid-request', message.replace(/\.$/, `${more}.`), param ? { param } : {});
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
