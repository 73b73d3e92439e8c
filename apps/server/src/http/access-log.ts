import type { GatewayError } from '@anura/core';
import type { RequestHandler } from 'express';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { requestIdOf } from './request-id.ts';
import { timingsOf } from './server-timing.ts';

/** One line and one count per request, when it is over. Neither keys nor bodies are in it. */
export function accessLog(log: Logger, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const path = request.path.slice(0, 200);
    response.once('close', () => {
      const timings = timingsOf(response);
      const operation = String(response.locals['operation'] ?? 'other');
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
