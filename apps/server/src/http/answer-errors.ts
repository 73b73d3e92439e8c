import { GatewayError } from '@anura/core';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from '../log/logger.ts';
import { answerAndClose } from './answer-and-close.ts';
import { errorAnswer } from './error-answers.ts';
import { statusOf, toGatewayError } from './http-error.ts';
import { maskKeys } from './mask-keys.ts';
import { requestIdOf } from './request-id.ts';

/** The last in line: every error becomes an answer. What is our fault is logged with its cause, never shown. */
export function answerErrors(log: Logger): ErrorRequestHandler {
  return (thrown, request, response, _next) => {
    const error = toGatewayError(thrown);
    if (error.code === 'internal')
      log.error(
        { requestId: requestIdOf(response), path: maskKeys(request.path), err: error.cause ?? error },
        'request failed',
      );
    response.locals['error'] = error;
    if (response.headersSent) return void response.destroy();
    const answer = errorAnswer(error);
    const status = statusOf(thrown) ?? answer.status;
    response.status(status).set(answer.headers);
    if (status === 401) response.set('WWW-Authenticate', 'Bearer');
    const body = { ...answer.body, status };
    if (status === 413) answerAndClose(request, response, body);
    else response.json(body);
  };
}

/** What nothing before it answered. */
export const noSuchPath = (): never => {
  throw new GatewayError('not-found', 'There is nothing at this path. The operations are listed at /docs.', {
    openaiCode: 'no_such_path',
  });
};
