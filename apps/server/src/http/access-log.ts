import type { GatewayError } from '@anura/core';
import type { Request, RequestHandler } from 'express';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { maskKeys } from './mask-keys.ts';
import { requestIdOf } from './request-id.ts';
import { timingsOf } from './server-timing.ts';

/** One line and one count per request, when it is over. Neither keys nor bodies are in it. */
export function accessLog(log: Logger, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const path = maskKeys(request.path).slice(0, 200);
    response.once('close', () => {
      const timings = timingsOf(response);
      const operation = operationOf(request);
      const status = response.writableFinished ? response.statusCode : 499;
      metrics.httpRequests.inc({ operation, status });
      if (!log.isLevelEnabled('info')) return;
      const error = response.locals['error'] as GatewayError | undefined;
      const { caller } = response.locals as { caller?: { id: string } };
      log.info(
        {
          requestId: requestIdOf(response),
          method: request.method,
          path,
          operation,
          status,
          ms: Math.round((performance.now() - timings.startedAt) * 10) / 10,
          ...(caller ? { keyId: caller.id } : {}),
          ...(error ? { error: error.code } : {}),
        },
        'request',
      );
    });
    next();
  };
}

/** The contract's operation, also when its validator refused the request; `other` when it came to none. */
function operationOf(request: Request): string {
  const { openapi } = request as { openapi?: { schema?: { operationId?: string } } };
  return openapi?.schema?.operationId ?? 'other';
}
